// Holds lists of modules against the schema of CycloneDX, strictly:
//   node .ci/check-sbom.js FILE...
// NODE_PATH leads to @cyclonedx/cyclonedx-library, ajv, ajv-formats and ajv-formats-draft2019.
const { readFileSync } = require('fs')
const { Validation: { JsonStrictValidator }, Spec: { Version } } = require('@cyclonedx/cyclonedx-library')

async function check () {
  const judge = new JsonStrictValidator(Version.v1dot6)
  for (const name of process.argv.slice(2)) {
    const text = readFileSync(name, 'utf8')
    const fault = await judge.validate(text)
    if (fault !== null) throw new Error(`${name}: ${JSON.stringify(fault)}`)
    // A checker that cannot fail proves nothing.
    if (await judge.validate(text.replace('"library"', '"book"')) === null) {
      throw new Error(`${name}: a component of an unknown type is accepted`)
    }
  }
}
check().catch((fault) => { console.error(fault.message); process.exit(1) })
