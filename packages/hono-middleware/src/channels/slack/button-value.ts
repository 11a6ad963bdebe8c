import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ReviewedVersion } from '@preceptor/client'

/** What a button decides on: one version of one request in one workspace. */
export interface ButtonTarget extends ReviewedVersion {
  readonly workspace: string
  readonly proposal: string
}

const VALUE = /^v1\|([a-z0-9_-]{1,63})\|([A-Za-z0-9_-]{1,64})\|(\d{1,9})\|([0-9a-f]{64})\|([0-9a-f]{64})$/

/** The value of a button, signed so that it stands for nothing else than what it was made for. */
export function buttonValue({ workspace, proposal, version, actionHash }: ButtonTarget, secret: string): string {
  const text = `v1|${workspace}|${proposal}|${version}|${actionHash}`
  return `${text}|${sign(text, secret)}`
}

/** What a button was made for; undefined when its value is not as it was made. */
export function readButtonValue(value: string, secret: string): ButtonTarget | undefined {
  const [, workspace, proposal, version, actionHash, signature] = VALUE.exec(value) ?? []
  if (!workspace || !proposal || !version || !actionHash || !signature) return undefined
  const expected = sign(`v1|${workspace}|${proposal}|${version}|${actionHash}`, secret)
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) return undefined
  return { workspace, proposal, version: Number(version), actionHash }
}

function sign(text: string, secret: string): string {
  // Under a key of its own: what signs requests signs no buttons.
  const key = createHmac('sha256', secret).update('preceptor buttons').digest()
  return createHmac('sha256', key).update(text).digest('hex')
}
