// Squares of positions: [[longitude, latitude, metres], ...] on stdin, ["row:column", ...] on stdout.
import { readFileSync } from "node:fs";

const { cell } = await import(process.argv[2]);
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map((one) => cell(...one))));
