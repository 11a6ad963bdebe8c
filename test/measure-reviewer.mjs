// npm run measure:reviewer: measures the model of OPENAI_BASE_URL, OPENAI_MODEL and OPENAI_API_KEY as a reviewer.
// A share of the cases is measured by `-- --share 0.1`.
import { parseArgs } from 'node:util'
import { bootstrap } from './setup/bootstrap.mjs'

await bootstrap({ projects: ['test'] })
const { measureReviewer } = await import('@preceptor/core')
const { openAiModel } = await import('./dist/reviewers/open-ai-model.js')
const { measurementTable, riskTable } = await import('./dist/docs/reviewers-page.js')

const { OPENAI_BASE_URL: url = 'https://api.openai.com/v1', OPENAI_MODEL: model, OPENAI_API_KEY: key } = process.env
const { values } = parseArgs({ options: { share: { type: 'string', default: '1' } } })
const share = Number(values.share)
if (!model || !(share > 0 && share <= 1)) {
  process.stderr.write('Set OPENAI_MODEL (and OPENAI_BASE_URL, OPENAI_API_KEY); --share is above 0 and at most 1.\n')
  process.exit(2)
}
let number = 0
const measured = await measureReviewer(
  { model: openAiModel({ url, model, ...(key && { key }) }) },
  {
    only: () => {
      number += 1
      return Math.floor(number * share) > Math.floor((number - 1) * share)
    },
    onProgress: (done, of) => void (done % 10 === 0 && process.stderr.write(`measured ${done} of ${of}\n`)),
  },
)
process.stdout.write(`${measurementTable([measured])}\n\n${riskTable([measured])}\n`)
