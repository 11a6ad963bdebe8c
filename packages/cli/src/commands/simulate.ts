import { type Assessment, explainDecision, ROUTES } from '@preceptor/client'
import { type Command, textOf } from '../command.ts'
import { connectToServer, SERVER_FLAGS } from '../connect.ts'
import { jsonObjectOf } from '../read-json-flag.ts'
import { listing } from '../table.ts'

/** `preceptor simulate`: one attempt, of which nothing follows. */
export const simulate: Command = {
  name: 'simulate',
  words: ['AGENT', 'ACTION'],
  summary: 'Say how an attempt would be decided now; nothing follows from it',
  flags: {
    ...SERVER_FLAGS,
    args: { value: '<json>', summary: 'its args; default {}' },
    resource: { value: '<text>', summary: 'what it is done to' },
    type: { value: '<type>', summary: 'what starts a run, such as agent_message; default an action inside of one' },
    expect: { value: '<route>', summary: 'exit with 1 where it is another one', choices: ROUTES },
  },
  async run(call) {
    const [agent = '', action = ''] = call.words
    const [resource, type, expected] = [textOf(call, 'resource'), textOf(call, 'type'), textOf(call, 'expect')]
    const args = jsonObjectOf(call, 'args') ?? {}
    const { scope } = await connectToServer(call)
    const assessment = await scope.check({
      agent,
      action,
      args,
      ...(resource === undefined ? {} : { resource }),
      ...(type === undefined ? {} : { type }),
    })
    await call.print({ text: describe(assessment), json: assessment })
    return expected === undefined || expected === assessment.route ? 0 : 1
  },
}

function describe(assessment: Assessment): string {
  const { route, code, maturity, risk, policyVersion } = assessment
  return listing([
    ['Route', code === null ? route : `${route}, ${code}`],
    ['Counts as', maturity ?? 'not known'],
    ['Risk', risk ?? 'not known'],
    ['Policy', `version ${policyVersion}`],
    ['Why', explainDecision(assessment)],
  ])
}
