// GIFT files as gift-pegjs reads them: a JSON list of texts on stdin, a list of lists of questions on stdout.
import { readFileSync } from "node:fs";
import gift from "gift-pegjs";

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map((one) => gift.parse(one))));
