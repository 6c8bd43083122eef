// The chosen day of the strip is in sight, however far ahead it lies.
document.querySelector(".days-strip [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
