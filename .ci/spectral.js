// What Spectral says of many specifications, in one process.
//
//   node .ci/spectral.js RULESET... <specifications.json >verdicts.json
//
// In: [{"name": "a.yaml", "body": "..."}]. Out: {"a.yaml": [verdict per ruleset]}, a verdict
// being a sorted list of "rule pointer" without doubles, or ["crashed"] when Spectral gave
// up. NODE_PATH names the folder with @stoplight/spectral-cli. Nothing is fetched.
"use strict";
const path = require("path");
const cli = path.dirname(require.resolve("@stoplight/spectral-cli/package.json"));
const { Spectral, Document } = require(require.resolve("@stoplight/spectral-core", { paths: [cli] }));
const Parsers = require(require.resolve("@stoplight/spectral-parsers", { paths: [cli] }));
const { Resolver } = require(require.resolve("@stoplight/spectral-ref-resolver", { paths: [cli] }));
const { getRuleset } = require(path.join(cli, "dist/services/linter/utils/getRuleset.js"));

const escape = (segment) => String(segment).replace(/~/g, "~0").replace(/\//g, "~1");

async function verdict(ruleset, body, place) {
  const spectral = new Spectral({ resolver: new Resolver({ resolvers: {} }) });
  spectral.setRuleset(ruleset);
  try {
    const found = await spectral.run(new Document(body, Parsers.Yaml, place));
    return [...new Set(found.map((f) => f.code + " " + f.path.map((s) => "/" + escape(s)).join("")))].sort();
  } catch (error) {
    return ["crashed"];
  }
}

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const specifications = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const rulesets = [];
  for (const file of process.argv.slice(2)) rulesets.push(await getRuleset(path.resolve(file)));
  const out = {};
  for (const [i, { name, body }] of specifications.entries()) {
    out[name] = [];
    // A plain place of its own, as Spectral leads a finding back through a $ref by it.
    for (const ruleset of rulesets) out[name].push(await verdict(ruleset, body, `/specifications/${i}.yaml`));
  }
  process.stdout.write(JSON.stringify(out));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
