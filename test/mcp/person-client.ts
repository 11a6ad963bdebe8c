import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { type ClientCapabilities, ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js'
import type { Role } from '@preceptor/client'
import type { TestGovernor } from '@preceptor/core/testing'
import { httpTransport } from './support.ts'

/** A person at a client. */
export interface Person {
  readonly id?: string
  readonly roles?: readonly Role[]
  readonly capabilities?: ClientCapabilities
  readonly answer?: (params: Record<string, unknown>) => ElicitResult | Promise<ElicitResult>
}

/** A client with the credential of a person, who answers what is asked so; a supervisor who decides nothing unless told. */
export async function connectPerson(
  { admin }: Pick<TestGovernor, 'admin'>,
  url: URL,
  {
    id = 'sam',
    roles = ['supervisor'],
    capabilities = { elicitation: { form: {}, url: {} } },
    answer = () => ({ action: 'cancel' }),
  }: Person = {},
): Promise<Client> {
  const { secret } = await admin.keys.create({ displayName: id, principalKind: 'user', principalId: id, roles })
  const client = new Client({ name: 'test', version: '1' }, { capabilities })
  if (capabilities.elicitation !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params as Record<string, unknown>))
  }
  await client.connect(httpTransport(url, secret))
  return client
}
