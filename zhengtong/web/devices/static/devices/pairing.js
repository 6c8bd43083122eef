// Asks every few seconds whether somebody has typed the code; the server then leads to the machine's own page.
const again = async () => {
  try {
    const answer = await fetch(location.pathname, { cache: "no-store", headers: { Accept: "text/html" } });
    if (answer.redirected) return location.replace(answer.url);
  } catch { /* no network: the next turn asks again */ }
  setTimeout(again, 3000);
};
setTimeout(again, 3000);
