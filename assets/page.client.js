// The scripts of every page. (Vite leaves modules called *.client.js out where there is no browser: when it draws pages at the build.)
import "./ui.js";

// In development a change of them needs a fresh start: they listen to the whole document.
import.meta.hot?.accept(() => location.reload());
