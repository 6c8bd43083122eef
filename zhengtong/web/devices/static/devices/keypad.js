// Keys on the glass for a machine without a keyboard: one row set of letters and digits, or digits alone.
const DIGITS = ["123", "456", "789", "⌫0✓"];
const TYPED = "input:not([type=hidden], [type=radio], [type=checkbox])";
const LETTERS = ["1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM⌫✓"];

// Where the finger pointed in the field, as on a keyboard: a wrong digit in the middle is mended there.
const press = (field, key) => {
  if (key === "✓") return field.form.requestSubmit();
  const { value, selectionStart: start, selectionEnd: end } = field;
  if (key === "⌫") field.setRangeText("", start === end ? Math.max(start - 1, 0) : start, end, "end");
  else if (field.maxLength < 0 || value.length - (end - start) < field.maxLength) field.setRangeText(key, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

for (const pad of document.querySelectorAll("[data-keys]")) {
  const form = pad.closest("form");
  const names = { "⌫": pad.dataset.erase, "✓": pad.dataset.go };
  // Touched before this script had come (a slow network): the field that has the focus, not the first one.
  let field = form.querySelector(`${TYPED}:focus`) ?? form.querySelector(TYPED);
  form.addEventListener("focusin", (event) => { if (event.target.matches(TYPED)) field = event.target; });
  for (const keys of pad.dataset.keys === "digits" ? DIGITS : LETTERS) {
    const row = document.createElement("div");
    for (const key of keys) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: key });
      if (names[key]) button.setAttribute("aria-label", names[key]);
      if (key === "✓") button.className = "go";
      button.addEventListener("click", () => { press(field, key); field.classList.add("typed"); });
      row.append(button);
    }
    pad.append(row);
  }
  // Fields are filled by these keys or by a scanner: a phone's own keyboard would cover half of the page.
  for (const one of form.querySelectorAll("input")) one.setAttribute("inputmode", "none");
}
