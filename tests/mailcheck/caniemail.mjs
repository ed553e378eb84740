// node caniemail.mjs FOLDER FILE...: which programs lack what each page uses, as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const found = createRequire(`${folder}/package.json`).resolve("caniemail");
const { caniemail } = await import(pathToFileURL(found));

// Thunderbird on Windows is left out: its table has holes, on which the package stops.
const clients = ["apple-mail.*", "gmail.*", "outlook.*", "yahoo.*", "thunderbird.macos"];
const kinds = { none: "errors", partly: "warnings" };

const said = {};
for (const file of files) {
  const { issues } = caniemail({ clients, html: readFileSync(file, "utf8") });
  said[file] = {};
  for (const [kind, name] of Object.entries(kinds)) {
    const features = (said[file][kind] = {});
    for (const [client, list] of issues[name]) {
      for (const title of new Set(list.map((issue) => issue.title))) {
        (features[title] ??= []).push(client);
      }
    }
  }
}
console.log(JSON.stringify(said));
