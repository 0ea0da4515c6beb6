import type { TapeDocument } from "../document.ts";

/**
 * A page that shows a tape: one file, which asks for no other.
 *
 * @param script the explorer, bundled
 */
export function explorerPage(tape: TapeDocument, script: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escaped(tape.name)}: tape</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; padding: 16px; background: light-dark(#f6f6f4, #121317); }
</style>
</head>
<body>
<main>
<h1 style="position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden">${escaped(tape.name)}: tape</h1>
<div id="explorer"></div>
</main>
<script id="tape" type="application/json">${inScript(JSON.stringify(tape))}</script>
<script>${script.replaceAll("</script", "<\\/script")}</script>
</body>
</html>
`;
}

/** JSON that no script element ends at, whatever names are in it. */
function inScript(json: string): string {
  return json.replaceAll("<", "\\u003c");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
