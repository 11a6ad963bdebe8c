import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { askForJson, type JsonAnswer } from './ask-for-json.ts'
import { type ChatModel, chatModelName } from './chat-model.ts'

const schema = z.strictObject({ ok: z.boolean() })
const messages = [{ role: 'user', content: 'Is it?' }] as const
const says = (reply: unknown): ChatModel => ({ invoke: async () => reply })

function ask(model: ChatModel, timeoutMs = 5_000): Promise<JsonAnswer<{ ok: boolean }>> {
  return askForJson(model, { messages, schema, timeoutMs })
}

describe('a chat model that is asked for JSON', () => {
  const OK = '{"ok":true}'

  it.each([
    ['text', OK],
    ['a message', { content: OK }],
    [
      'a message of parts',
      {
        content: [
          { type: 'text', text: '{"ok":' },
          { type: 'text', text: 'true}' },
        ],
      },
    ],
    [
      'a message of thoughts and text',
      {
        content: [
          { type: 'reasoning', text: '{"ok":false}' },
          { type: 'text', text: OK },
        ],
      },
    ],
    ['a fenced block', `\`\`\`json\n${OK}\n\`\`\``],
    ['a fenced block in a sentence', `Here it is:\n\`\`\`\n${OK}\n\`\`\`\nThat is all.`],
    ['text with space around it', `\n ${OK} \n`],
  ])('may give it as %s [META-1]', async (_, reply) => {
    expect(await ask(says(reply))).toEqual({ result: 'valid', value: { ok: true } })
  })

  it.each([
    ['a sentence', 'Yes, it is.'],
    ['JSON in a sentence', `I say ${OK}`],
    ['two blocks', `\`\`\`json\n${OK}\n\`\`\`\n\`\`\`json\n{"ok":false}\n\`\`\``],
    ['an array', '[true]'],
    ['more than was asked for', '{"ok":true,"more":1}'],
    ['another type', '{"ok":"true"}'],
    ['a key that reaches prototypes', '{"ok":true,"__proto__":{"x":1}}'],
    ['JSON that is too deep', `{"ok":${'['.repeat(40)}${']'.repeat(40)}}`],
    ['text that is too long', `{"ok":true}${' '.repeat(70_000)}`],
    ['nothing', undefined],
    ['no text', { content: [{ type: 'image_url', image_url: 'x' }] }],
    ['a number', 1],
  ])('gives no answer with %s [META-1]', async (_, reply) => {
    const answer = await ask(says(reply))
    expect(answer).toMatchObject({
      result: 'invalid',
      message: expect.stringMatching(/^The chat model gave no valid answer: /),
    })
  })

  it('says what is wrong without repeating what it said [META-1]', async () => {
    const answer = await ask(says('{"ok":"the password is 1234"}'))
    expect(answer).toMatchObject({ result: 'invalid', message: expect.stringContaining('ok (invalid_type)') })
    expect(JSON.stringify(answer)).not.toContain('1234')
  })

  it('is an outage when it throws, at once or later [META-1]', async () => {
    const thrown: ChatModel = {
      invoke: () => {
        throw new Error('503')
      },
    }
    expect(await ask(thrown)).toEqual({ result: 'outage', message: '503' })
    expect(await ask({ invoke: () => Promise.reject('gone') })).toEqual({ result: 'outage', message: 'gone' })
  })

  it('is an outage when it is late, heeds the signal or not, and is told to stop [META-1]', async () => {
    let told: AbortSignal | undefined
    const silent: ChatModel = {
      invoke: (_, options) => {
        told = options?.signal
        return new Promise(() => undefined)
      },
    }
    expect(await ask(silent, 20)).toMatchObject({ result: 'outage', message: expect.stringContaining('20 ms') })
    expect(told?.aborted).toBe(true)
  })

  it('is aborted with the caller', async () => {
    const controller = new AbortController()
    const model: ChatModel = {
      invoke: (_, options) =>
        new Promise((_resolve, reject) => options?.signal?.addEventListener('abort', () => reject(new Error('ended')))),
    }
    const asking = askForJson(model, { messages, schema, timeoutMs: 5_000, signal: controller.signal })
    await Promise.resolve()
    controller.abort()
    expect(await asking).toEqual({ result: 'outage', message: 'ended' })
  })
})

describe('the name of a chat model', () => {
  it('is its name, else the model that it states, else none', () => {
    expect(chatModelName({ ...says(1), name: 'judge' })).toBe('model:judge')
    expect(chatModelName(Object.assign(says(1), { model: 'large-1' }))).toBe('model:large-1')
    expect(chatModelName(Object.assign(says(1), { name: ' ', model: 7 }))).toBe('model:chat')
    expect(chatModelName({ ...says(1), name: 'x'.repeat(500) })).toHaveLength(106)
  })
})
