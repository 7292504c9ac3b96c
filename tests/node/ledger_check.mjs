// The wallet's own check of the ledger, outside of a browser. node ledger_check.mjs <module> < cases ; prints JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const module = await import(pathToFileURL(process.argv[2]));
const bytes = (text) => Uint8Array.from(Buffer.from(text, "hex"));
const found = [];
for (const one of JSON.parse(readFileSync(0, "utf8"))) {
  if (Array.isArray(one)) {
    try {
      found.push({ kept: await module.check(...one) });
    } catch (error) {
      found.push({ refused: error.code ?? String(error) });
    }
  } else if ("old" in one) {
    found.push(await module.extend(one.old, bytes(one.oldRoot), one.size, bytes(one.root), one.path.map(bytes)));
  } else {
    found.push(await module.includes(bytes(one.leaf), one.index, one.size, one.path.map(bytes), bytes(one.root)));
  }
}
console.log(JSON.stringify(found));
