import { type ColorName, palette } from './palette.ts';

const names = Object.keys(palette) as ColorName[];
const colors = (theme: 'light' | 'dark') =>
  names.map((name) => `--${name}:${palette[name][theme]};`).join('');

const light = `color-scheme:light;${colors('light')}--back:#f6f7f9;--weak:#eef1f5;--accent:#2f5bd8;`;
const dark = `color-scheme:dark;${colors('dark')}--back:#0f1216;--weak:#1f252e;--accent:#86a8ff;`;

/** Plots are drawn in the light colors; here each becomes that of the theme. */
const plotColors = names
  .map(
    (name) =>
      `.plot [fill="${palette[name].light}"]{fill:var(--${name})}.plot [stroke="${palette[name].light}"]{stroke:var(--${name})}`,
  )
  .join('\n');

export const pageStyle = `
:root{${light}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme="light"]){${dark}}}
@media screen{:root[data-theme="dark"]{${dark}}}
*{box-sizing:border-box}
html{scroll-padding-top:12px}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.55 Inter,system-ui,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
header,nav,main{max-width:1160px;margin:0 auto;padding:0 20px}
header{display:flex;gap:16px;justify-content:space-between;align-items:flex-start;padding-top:28px}
h1{font-size:28px;line-height:1.2;letter-spacing:-.02em;margin:0 0 4px}
h2{font-size:21px;line-height:1.3;letter-spacing:-.01em;margin:0 0 4px}
h3{font-size:16px;margin:0 0 8px}
header p,.lead{color:var(--muted);margin:0 0 16px;max-width:75ch;overflow-wrap:anywhere}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
main:focus-visible{outline:none}
.skip{position:absolute;left:-999px}
.skip:focus{left:12px;top:8px;background:var(--paper);padding:6px 10px;z-index:1}
button{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--muted);border-radius:8px;padding:6px 12px;min-height:36px;white-space:nowrap;cursor:pointer}
nav ol{display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0 20px;padding:0;list-style:none;font-size:14.5px}
nav a{display:inline-block;padding:4px 0}
section{background:var(--paper);border:1px solid var(--grid);border-radius:12px;padding:22px 24px;margin:0 0 20px}
section>:last-child{margin-bottom:0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:26px 32px;margin:18px 0;align-items:start}
figure{margin:0;min-width:0}
.plot{display:block;width:100%;max-width:560px;height:auto;font-family:Arimo,Arial,Helvetica,"Liberation Sans",sans-serif}
figcaption,.note{color:var(--muted);font-size:14.5px;margin:6px 0;max-width:70ch}
.missing{background:var(--weak);border-left:4px solid var(--ocher);border-radius:4px;padding:10px 14px;margin:8px 0;max-width:75ch;overflow-wrap:anywhere}
summary{cursor:pointer;color:var(--accent);font-size:14.5px;padding:4px 0}
.scroll{overflow:auto;max-height:460px;margin:10px 0;border:1px solid var(--grid);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:14.5px}
caption{text-align:left;font-weight:600;padding:8px 12px}
th,td{padding:5px 12px;text-align:right;border-top:1px solid var(--grid);white-space:nowrap;font-weight:400}
thead th{color:var(--muted);font-size:13.5px;white-space:normal;min-width:84px;vertical-align:bottom;background:var(--weak)}
th:first-child{text-align:left}
tbody th{min-width:136px;max-width:340px;overflow-wrap:break-word;white-space:normal}
.figures-large{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,215px),1fr));gap:12px;margin:14px 0}
.figures-large>div{background:var(--weak);border-radius:10px;padding:12px 16px}
.figures-large dt{font-size:14px;font-weight:600}
.figures-large dd{margin:0;display:flex;flex-direction:column;font-size:13.5px;color:var(--muted)}
.figures-large b{font-size:28px;line-height:1.25;letter-spacing:-.02em;color:var(--ink);font-weight:650}
.limits{color:var(--ink)}
.summary{padding-left:20px;max-width:80ch;overflow-wrap:anywhere}
.summary li{margin:3px 0}
.errors{padding-left:26px;max-width:860px}
.errors>li{margin:0 0 18px}
.facts{display:flex;flex-wrap:wrap;gap:2px 18px;margin:0;font-size:14px}
.facts div{display:flex;gap:6px;overflow-wrap:anywhere;min-width:0}
.facts dt{color:var(--muted)}
.facts dd{margin:0;min-width:0}
.message{background:var(--weak);border-radius:8px;padding:10px 14px;margin:6px 0;white-space:pre-wrap;overflow-wrap:anywhere;max-height:300px;overflow:auto;line-height:1.7}
.hidden{font:600 11px/1 ui-monospace,monospace;border:1px solid var(--muted);border-radius:4px;padding:1px 4px;margin:0 1px;color:var(--ink)}
.reasons{display:flex;flex-wrap:wrap;gap:6px;list-style:none;margin:0;padding:0;font-size:13.5px}
.reasons li{border:1px solid var(--grid);border-left-width:4px;border-radius:6px;padding:2px 8px;overflow-wrap:anywhere;min-width:0}
.for-spam{border-left-color:var(--vermilion)!important}
.for-ham{border-left-color:var(--blue)!important}
${plotColors}
@media (max-width:560px){
header,nav,main{padding-left:12px;padding-right:12px}
header{flex-wrap:wrap;padding-top:18px}
h1{font-size:23px}
section{padding:16px 14px;border-radius:10px}
}
@media print{
@page{margin:16mm 14mm}
body{background:none;font-size:10.5pt}
header,nav,main{max-width:none;padding:0}
button,.skip,summary,details{display:none}
details.brief{display:block}
details.brief::details-content{content-visibility:visible;block-size:auto}
section{border:none;padding:0;margin:0 0 8mm}
h2,h3,.lead{break-after:avoid}
.lead{break-inside:avoid;max-width:none}
figure,.errors>li,tr,.figures-large>div{break-inside:avoid}
.figures{grid-template-columns:1fr 1fr;gap:6mm}
.scroll,.message{overflow:visible;max-height:none}
table{font-size:8.5pt}
th,td{padding:2px 6px}
th,td,thead th{white-space:normal;min-width:0}
a{color:inherit;text-decoration:none}
}
`;
