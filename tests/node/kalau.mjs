// The sums of a plan's page: `node kalau.mjs MODULE FILE CHOICES`; FILE is what the page loads, CHOICES and COUNTS are
// JSON lists of lists.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , module, file, choices, counts] = process.argv;
const { sums, told, rupiah } = await import(pathToFileURL(module));
const data = JSON.parse(readFileSync(file, "utf8"));
const words = { language: "id", few: "kurang dari 10", rupiah: "Rp%s juta" };
console.log(JSON.stringify({
  sums: JSON.parse(choices).map((ticked) => sums(data, ticked)),
  told: JSON.parse(counts).map(([count, least, way]) => told(count, least, words, way)),
  rupiah: rupiah(1234567890, words),
}));
