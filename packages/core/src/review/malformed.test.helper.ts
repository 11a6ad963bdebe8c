import { type Question, type Reply, verdict } from './plane.test.helper.ts'

const OK = (question: Question): string => verdict('approve', question)
const text = (make: (question: Question) => string): Reply => make
const message = (content: unknown, more: object = {}) => ({ content, ...more })

/** None of these is a verdict. */
export const MALFORMED: Readonly<Record<string, Reply>> = {
  nothing: () => undefined,
  null: () => null,
  'an empty text': () => '',
  space: () => ' \n ',
  'a number': () => 1,
  'a list': () => [],
  'approve in prose': () => 'I approve this action.',
  'the word alone': () => 'approve',
  'the word quoted': () => '"approve"',
  'a colon': () => ':',
  'a full stop': () => '.',
  'the opening of a thought': () => 'Thought process:',
  'the opening of a solution': () => "Let's solve this step by step.",
  'a verdict in a sentence': text((question) => `Here it is: ${OK(question)}`),
  'a sentence after it': text((question) => `${OK(question)}\nThat is all.`),
  'a fenced block': text((question) => `\`\`\`json\n${OK(question)}\n\`\`\``),
  'a fenced block between braces': text((question) => `{\n\`\`\`json\n${OK(question)}\n\`\`\`\n}`),
  'two objects': text((question) => OK(question) + OK(question)),
  'two objects on two lines': text((question) => `${OK(question)}\n${OK(question)}`),
  'a list of verdicts': text((question) => `[${OK(question)}]`),
  'a trailing comma': text((question) => OK(question).replace('}', ',}')),
  'single quotes': text((question) => OK(question).replaceAll('"', "'")),
  'a comment': text((question) => OK(question).replace('{', '{/* sure */')),
  'half of it': text((question) => OK(question).slice(0, -10)),
  'JSON in JSON': text((question) => JSON.stringify(OK(question))),
  'a verdict inside of another': text((question) => JSON.stringify({ verdict: JSON.parse(OK(question)) })),
  'two verdicts': text((question) => OK(question).replace('{', '{"verdict":"deny",')),
  'two verdicts, one escaped': text((question) => OK(question).replace('{', '{"\\u0076erdict":"deny",')),
  'two hashes': text((question) => OK(question).replace('{', `{"action_hash":"${'a'.repeat(64)}",`)),
  'a verdict that is none': text((question) => OK(question).replace('approve', 'approved')),
  'a verdict in capitals': text((question) => OK(question).replace('approve', 'APPROVE')),
  'a verdict with space': text((question) => OK(question).replace('"approve"', '"approve "')),
  'a look-alike': text((question) => OK(question).replace('approve', '\u0430pprove')),
  'a zero-width space in it': text((question) => OK(question).replace('approve', 'app\u200brove')),
  'full-width letters': text((question) => OK(question).replace('approve', 'ａｐｐｒｏｖｅ')),
  'no hash': () => JSON.stringify({ verdict: 'approve', reasons: ['Fine.'] }),
  'an empty hash': () => JSON.stringify({ verdict: 'approve', action_hash: '', reasons: ['Fine.'] }),
  'another hash': () => JSON.stringify({ verdict: 'approve', action_hash: 'a'.repeat(64), reasons: ['Fine.'] }),
  'the hash in capitals': text((question) => OK(question).replace(question.hash, question.hash.toUpperCase())),
  'the hash and more': text((question) => OK(question).replace(question.hash, `${question.hash} `)),
  'no reasons': text((question) => verdict('approve', question, { reasons: [] })),
  'reasons as text': text((question) => verdict('approve', question, { reasons: 'Fine.' })),
  'an empty reason': text((question) => verdict('approve', question, { reasons: [' '] })),
  'a hundred reasons': text((question) =>
    verdict('approve', question, { reasons: Array.from({ length: 100 }, () => 'x') }),
  ),
  'a reason without end': text((question) => verdict('approve', question, { reasons: ['x'.repeat(5_000)] })),
  'a confidence': text((question) => verdict('approve', question, { confidence: 1 })),
  'other args': text((question) => verdict('approve', question, { args: {} })),
  'a key that reaches prototypes': text((question) => OK(question).replace('{', '{"__proto__":{"x":1},')),
  'a reply of a megabyte': text((question) => OK(question) + ' '.repeat(1_000_000)),
  'a call of a tool': (question) => message('', { tool_calls: [{ name: 'verdict', args: JSON.parse(OK(question)) }] }),
  'a verdict with a call of a tool': (question) => message(OK(question), { tool_calls: [{ name: 'x', args: {} }] }),
  'a call that did not parse': (question) => message(OK(question), { invalid_tool_calls: [{ name: 'x' }] }),
  'the output of a tool': (question) => message([{ type: 'tool_result', content: OK(question) }]),
  'a part that calls a tool': (question) =>
    message([
      { type: 'text', text: OK(question) },
      { type: 'tool_use', name: 'x', input: {} },
    ]),
  'two texts': (question) =>
    message([
      { type: 'text', text: OK(question) },
      { type: 'text', text: OK(question) },
    ]),
  'thoughts alone': (question) => message([{ type: 'reasoning', text: OK(question) }]),
  'a refusal': (question) => message(OK(question), { additional_kwargs: { refusal: 'I cannot do that.' } }),
  'a reply that was cut': (question) => message(OK(question), { response_metadata: { finish_reason: 'length' } }),
  'a reply that was filtered': (question) =>
    message(OK(question), { response_metadata: { finish_reason: 'content_filter' } }),
  'a reply at the most tokens': (question) =>
    message(OK(question), { response_metadata: { stop_reason: 'max_tokens' } }),
  'an error of the provider': () => {
    throw new Error('503')
  },
  'an error that is none': () => Promise.reject('gone'),
  silence: () => new Promise(() => undefined),
  'a reply that is not complete': (question) => message(OK(question), { response_metadata: { status: 'incomplete' } }),
  'a reply that ran out of room': (question) => message(OK(question), { response_metadata: { done_reason: 'length' } }),
  'a reply at its bound': (question) => message(OK(question), { response_metadata: { stopReason: 'max_tokens' } }),
  'a refusal that ended it': (question) => message(OK(question), { response_metadata: { stop_reason: 'refusal' } }),
}
