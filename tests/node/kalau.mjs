// The sums of a plan's page: `node kalau.mjs MODULE FILE CHOICES`; FILE is what the page loads, CHOICES a JSON list of lists.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , module, file, choices] = process.argv;
const { sums, told, rupiah } = await import(pathToFileURL(module));
const data = JSON.parse(readFileSync(file, "utf8"));
const words = { language: "id", few: "kurang dari %s", rupiah: "Rp%s juta" };
console.log(JSON.stringify({
  sums: JSON.parse(choices).map((ticked) => sums(data, ticked)),
  told: [0, 0.4, 3, 10, 1234.6].map((count) => told(count, 10, words)),
  rupiah: rupiah(1234567890, words),
}));
