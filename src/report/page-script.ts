/** All that the page does by itself: another theme, and tables that are printed. It can be read without. */
export const pageScript = `
const root = document.documentElement;
const button = document.getElementById('theme');
const system = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);
const name = () => { button.textContent = isDark() ? 'Light theme' : 'Dark theme'; };
button.hidden = false;
button.addEventListener('click', () => { root.dataset.theme = isDark() ? 'light' : 'dark'; name(); });
system.addEventListener('change', name);
name();
// A box that shows its whole table is no stop for the keyboard.
const boxes = [...document.querySelectorAll('.scroll')];
const fit = () => { for (const box of boxes) box.tabIndex = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight ? 0 : -1; };
addEventListener('resize', fit);
addEventListener('toggle', fit, true);
fit();
const brief = [...document.querySelectorAll('details.brief')];
addEventListener('beforeprint', () => { for (const each of brief) { each.dataset.was = each.open; each.open = true; } });
addEventListener('afterprint', () => { for (const each of brief) each.open = each.dataset.was === 'true'; });
`;
