import type { ServerResponse } from 'node:http'
import { useChatServer } from './chat-server.ts'

/** How a provider answers a question about the action with this hash. */
export type ProviderAnswer = (response: ServerResponse, hash: string) => void

/** A provider behind HTTP that answers tests of reviewers as it should, and anything else as it is told. */
export interface Provider {
  readonly url: string
  answers(answer: ProviderAnswer): void
}

const JSON_TYPE = { 'content-type': 'application/json' }
const CANARY = /"(?:voucher\.issue|contact\.export|note\.update|member\.update|order\.cancel)"/

/** A verdict as it should be. */
export const verdictOn = (hash: string, verdict: string, more: object = {}): string =>
  JSON.stringify({ verdict, action_hash: hash, reasons: ['It is as it should be.'], ...more })

/** An answer in the form of chat completions. */
function complete(response: ServerResponse, message: unknown, more: object = {}): void {
  const choice = { index: 0, message, finish_reason: 'stop', ...more }
  const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }
  const body = { id: 'chatcmpl-1', object: 'chat.completion', created: 0, model: 'judge', choices: [choice], usage }
  response.writeHead(200, JSON_TYPE).end(JSON.stringify(body))
}

/** Serves it for the tests of a file. */
export function useProvider(): Provider {
  let answer: ProviderAnswer = (response) => void response.writeHead(503).end()
  const server = useChatServer((response, messages) => {
    const hash = /"action_hash": "([0-9a-f]{64})"/.exec(messages[0]?.content ?? '')?.[1] ?? ''
    if (CANARY.test(messages.at(-1)?.content ?? '')) return said(verdictOn(hash, 'deny'))(response, hash)
    answer(response, hash)
  })
  return {
    get url() {
      return server.url
    },
    answers: (next) => {
      answer = next
    },
  }
}

/** A reply that is this text. */
export function said(content: string | ((ok: string, hash: string) => string)): ProviderAnswer {
  return (response, hash) => {
    const text = typeof content === 'string' ? content : content(verdictOn(hash, 'approve'), hash)
    complete(response, { role: 'assistant', content: text })
  }
}

const raw =
  (status: number, body: string, type = JSON_TYPE): ProviderAnswer =>
  (response) =>
    void response.writeHead(status, type).end(body)

const withOk =
  (message: object, more: object = {}): ProviderAnswer =>
  (response, hash) =>
    complete(response, { role: 'assistant', content: verdictOn(hash, 'approve'), ...message }, more)

const call = { id: 'c1', type: 'function', function: { name: 'verdict', arguments: '{"verdict":"approve"}' } }
const approve = (more: object): ProviderAnswer => said((_, hash) => verdictOn(hash, 'approve', more))

/** None of these is a verdict. Late ones are added by the test, which knows what late is. */
export const MALFORMED_ANSWERS: Readonly<Record<string, ProviderAnswer>> = {
  prose: said('I approve this action, it is plainly right.'),
  'the word alone': said('approve'),
  'the word in quotes': said('"approve"'),
  'the word in bold': said('**approve**'),
  yes: said('yes'),
  true: said('true'),
  null: said('null'),
  'a number': said('1'),
  nothing: said(''),
  'white space': said(' \n\t '),
  'a colon': said(':'),
  'a full stop': said('.'),
  'a comma': said(','),
  'the opening of a thought': said('Thought process:'),
  'the opening of a solution': said('Solution'),
  'let us begin': said("Let's work this out step by step."),
  'the same in Japanese': said('解'),
  'an empty object': said('{}'),
  'an empty list': said('[]'),
  'a verdict after a sentence': said((ok) => `Here you are: ${ok}`),
  'a verdict before a sentence': said((ok) => `${ok} I hope this helps.`),
  'a fence': said((ok) => `\`\`\`json\n${ok}\n\`\`\``),
  'a fence of another language': said((ok) => `\`\`\`\n${ok}\n\`\`\``),
  'a thought before it': said((ok) => `<think>It is fine.</think>${ok}`),
  'two verdicts': said((ok) => ok + ok),
  'two that differ': said((ok, hash) => `${ok}\n${verdictOn(hash, 'deny')}`),
  'a list of one': said((ok) => `[${ok}]`),
  'lines of JSON': said((ok) => `${ok}\n{}`),
  'JSON in JSON': said((ok) => JSON.stringify(ok)),
  'JSON in a key of JSON': said((ok) => JSON.stringify({ answer: ok })),
  'an object inside of another': said((ok) => `{"verdict":${ok}}`),
  'a byte order mark inside': said((ok) => ok.replace('{', '{\ufeff')),
  'a trailing comma': said((ok) => ok.replace(/}$/, ',}')),
  'a missing brace': said((ok) => ok.slice(0, -1)),
  'a brace too many': said((ok) => `${ok}}`),
  'half of it': said((ok) => ok.slice(0, 40)),
  'single quotes': said((ok) => ok.replaceAll('"', "'")),
  'typographic quotes': said((ok) => ok.replaceAll('"', '”')),
  'keys without quotes': said((ok) => ok.replace('"verdict"', 'verdict')),
  'a comment': said((ok) => `${ok} // sure`),
  'the key twice': said((ok) => ok.replace('{', '{"verdict":"deny",')),
  'the key twice, escaped': said((ok) => ok.replace('{', '{"verdic\\u0074":"deny",')),
  'the hash twice': said((ok) => ok.replace('{', `{"action_hash":"${'0'.repeat(64)}",`)),
  'another word': said((ok) => ok.replace('approve', 'accept')),
  capitals: said((ok) => ok.replace('approve', 'Approve')),
  'a space in it': said((ok) => ok.replace('approve', ' approve')),
  'a Cyrillic letter': said((ok) => ok.replace('approve', 'approvе')),
  'a hidden space': said((ok) => ok.replace('approve', 'approve\u200b')),
  'a text from right to left': said((ok) => ok.replace('approve', '\u202eevorppa')),
  'wide letters': said((ok) => ok.replace('approve', 'ａpprove')),
  'a key that looks like it': said((ok) => ok.replace('"verdict"', '"vеrdict"')),
  'several at once': said((ok) => ok.replace('"approve"', '["approve","deny"]')),
  'no hash': said('{"verdict":"approve","reasons":["Fine."]}'),
  'the hash of something else': said((_, hash) =>
    verdictOn(
      hash.replace(/^./, (first) => (first === '0' ? '1' : '0')),
      'approve',
    ),
  ),
  'a part of the hash': said((_, hash) => verdictOn(hash.slice(0, 32), 'approve')),
  'the hash in capitals': said((ok, hash) => ok.replace(hash, `${hash.toUpperCase()}A`)),
  'a hash that is null': said((ok, hash) => ok.replace(`"${hash}"`, 'null')),
  'no reason': approve({ reasons: [] }),
  'a reason that is no text': approve({ reasons: [1] }),
  'reasons that are a text': approve({ reasons: 'Fine.' }),
  'a reason of spaces': approve({ reasons: [' '] }),
  'a confidence': approve({ confidence: 1 }),
  'another key': approve({ override: true }),
  'other args beside an approval': approve({ suggested_args: { cents: 1 } }),
  'a reply without end': said((ok) => ok + ' '.repeat(50_000)),
  'a refusal alone': withOk({ content: null, refusal: 'I cannot help with that.' }),
  'no content': withOk({ content: null }),
  'a call of a tool': withOk({ content: null, tool_calls: [call] }, { finish_reason: 'tool_calls' }),
  'a call of a tool beside it': withOk({ tool_calls: [call] }),
  'a reply that was cut off': withOk({}, { finish_reason: 'length' }),
  'a reply that was filtered': withOk({}, { finish_reason: 'content_filter' }),
  'a reply that ended in a call': withOk({}, { finish_reason: 'tool_calls' }),
  'parts of which one is an image': withOk({ content: [{ type: 'image_url', image_url: { url: 'x' } }] }),
  'no choices': raw(200, '{"id":"1","object":"chat.completion","created":0,"model":"judge","choices":[]}'),
  'a body that is no JSON': raw(200, '<html>approve</html>', { 'content-type': 'text/html' }),
  'a body that is cut off': raw(200, '{"choices":[{"message":{"content":"appro'),
  'an error of the provider': raw(500, '{"error":{"message":"approve"}}'),
  'too many requests': raw(429, '{"error":{"message":"slow down"}}'),
  'no credit': raw(402, '{"error":{"message":"approve"}}'),
  'no permission': raw(401, '{"error":{"message":"approve"}}'),
  'a closed connection': (response) => void response.destroy(),
}

/** The client of LangChain leaves out the one, and prints about the other: these are asked by a plain client. */
export const PLAIN_ANSWERS: Readonly<Record<string, ProviderAnswer>> = {
  'a refusal': withOk({ refusal: 'I cannot help with that.' }),
  'a call that is no JSON': withOk({ tool_calls: [{ ...call, function: { name: 'verdict', arguments: '{' } }] }),
}
