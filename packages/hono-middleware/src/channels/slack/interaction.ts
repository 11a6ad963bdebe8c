import { z } from 'zod'

const id = z.string().max(64)
const who = { user: z.looseObject({ id }), team: z.looseObject({ id }).nullish() }

const click = z.looseObject({
  ...who,
  type: z.literal('block_actions'),
  trigger_id: z.string().max(500).optional(),
  channel: z.looseObject({ id }).optional(),
  message: z.looseObject({ ts: z.string().max(64) }).optional(),
  actions: z
    .array(z.looseObject({ action_id: z.string().max(255), value: z.string().max(2_000).optional() }))
    .min(1)
    .max(5),
})

const submission = z.looseObject({
  ...who,
  type: z.literal('view_submission'),
  view: z.looseObject({
    callback_id: z.string().max(255),
    private_metadata: z.string().max(3_000),
    state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), z.looseObject({}))) }),
  }),
})

const payload = z.discriminatedUnion('type', [click, submission])

/** Somebody clicked on a button of a message. */
export interface Click {
  readonly type: 'click'
  readonly account: string
  readonly team: string | undefined
  readonly trigger: string | undefined
  readonly place: string | undefined
  readonly action: string
  readonly value: string | undefined
}

/** Somebody sent in a form. */
export interface Submission {
  readonly type: 'submission'
  readonly account: string
  readonly team: string | undefined
  readonly form: string
  readonly metadata: string
  /** What was chosen, and what was written; empty where nothing was. */
  readonly category: string
  readonly reason: string
}

/** Reads what Slack posts: a form with the field `payload`; undefined for whatever is none of what is answered here. */
export function readInteraction(body: string): Click | Submission | undefined {
  const { success, data } = payload.safeParse(parseJson(new URLSearchParams(body).get('payload') ?? ''))
  if (!success) return undefined
  const sender = { account: data.user.id, team: data.team?.id }
  if (data.type === 'block_actions') {
    const [action] = data.actions
    if (action === undefined) return undefined
    const { action_id, value } = action
    const { trigger_id: trigger, channel } = data
    return { type: 'click', ...sender, trigger, place: channel?.id, action: action_id, value }
  }
  const { callback_id: form, private_metadata: metadata, state } = data.view
  return {
    type: 'submission',
    ...sender,
    form,
    metadata,
    category: textAt(Reflect.get(Object(state.values.category?.category), 'selected_option'), 'value'),
    reason: textAt(state.values.reason?.reason, 'value'),
  }
}

function textAt(value: unknown, name: string): string {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return typeof text === 'string' ? text : ''
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
