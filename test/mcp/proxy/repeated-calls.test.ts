import { describe, expect, it, vi } from 'vitest'
import { verifies } from '../../verifies.ts'
import { catalogueOf, proposalIn, toolOf, useHostileUpstreams } from './hostile-upstream.test.helper.ts'

const { upstream, behind, approve, test } = useHostileUpstreams()
const DO = toolOf('do_it')
const catalogue = catalogueOf([DO], 'medium')
const ran = { content: [{ text: 'done' }] }
const pending = { isError: true, structuredContent: { preceptor: { status: 'pending' } } }
const callOf = (args: Record<string, unknown>) => ({ name: 'do_it', arguments: args })
const ana = () => test().user('ana', 'supervisor')

async function shown(id: string) {
  const { version, actionHash } = await ana().proposals.get(id)
  return { version, actionHash }
}

describe(verifies(['MCP-1', 'I-3', 'I-4', 'I-6'], 'a call that is repeated through the proxy'), () => {
  it('runs once, however many repeat it at once', async () => {
    const box = upstream({ tools: [DO] })
    const [one, other] = [await behind('clerk', box, { catalogue }), await behind('clerk', box, { catalogue })]
    const call = callOf({ text: 'race' })
    await approve(proposalIn(await one.callTool(call)))
    const clients = [one, other, one, other, one]
    const answers = await Promise.all(clients.map((client) => client.callTool(call)))
    expect(box.calls()).toHaveLength(1)
    // Whoever comes once the run has ended gets what it gave; the others hear that it runs.
    const given = answers.filter(({ isError }) => isError !== true)
    expect(given.length).toBeGreaterThan(0)
    for (const answer of given) expect(answer).toMatchObject(ran)
  })

  it('is the same in any order of its arguments, and another one with any other', async () => {
    const tool = toolOf('do_it', { inputSchema: { type: 'object' } })
    const loose = catalogueOf([tool], 'medium')
    const box = upstream({ tools: [tool] })
    const client = await behind('clerk', box, { catalogue: loose })
    await approve(proposalIn(await client.callTool(callOf({ a: 1, b: 'caf\u00e9' }))))
    const others = [{ a: '1', b: 'caf\u00e9' }, { a: true, b: 'caf\u00e9' }, { a: 1, b: 'cafe\u0301' }, { a: 1 }]
    for (const args of others) expect(await client.callTool(callOf(args))).toMatchObject(pending)
    expect(box.calls()).toEqual([])
    expect(await client.callTool(callOf({ b: 'caf\u00e9', a: 1 }))).toMatchObject(ran)
    expect(box.calls()).toHaveLength(1)
  })

  it('runs with what the reviewer made of it', async () => {
    const box = upstream({ tools: [DO] })
    const client = await behind('clerk', box, { catalogue })
    const call = callOf({ text: 'long' })
    await approve(proposalIn(await client.callTool(call)), { text: 'short' })
    const answer = await client.callTool(call)
    expect(answer.isError).toBeUndefined()
    expect(box.calls().map(({ params }) => params?.arguments)).toEqual([{ text: 'short' }])
    expect(JSON.stringify(answer.content)).toContain('short')
  })

  it('hears that it was rejected, and why, instead of asking again', async () => {
    const box = upstream({ tools: [DO] })
    const client = await behind('clerk', box, { catalogue })
    const call = callOf({ text: 'rejected' })
    const id = proposalIn(await client.callTool(call))
    await ana().proposals.reject(id, { ...(await shown(id)), category: 'wrong_args', reason: 'Too long.' })
    const again = await client.callTool(call)
    expect(again).toMatchObject({ isError: true, structuredContent: { preceptor: { code: 'PROPOSAL_REJECTED' } } })
    expect(JSON.stringify(again.content)).toContain('Too long')
    expect(box.calls()).toEqual([])
  })

  it('gets what the reviewer answered instead', async () => {
    const box = upstream({ tools: [DO] })
    const client = await behind('clerk', box, { catalogue })
    const call = callOf({ text: 'responded' })
    const id = proposalIn(await client.callTool(call))
    await ana().proposals.respond(id, { ...(await shown(id)), response: 'It is 7.' })
    expect(JSON.stringify((await client.callTool(call)).content)).toContain('It is 7.')
    expect(box.calls()).toEqual([])
  })

  it('does not run while the first one does', async () => {
    const box = upstream({ tools: [DO] })
    const client = await behind('clerk', box, { catalogue })
    const call = callOf({ text: 'slow' })
    await approve(proposalIn(await client.callTool(call)))
    box.says({ tools: [DO], holds: 'tools/call' })
    const first = client.callTool(call)
    await vi.waitFor(() => expect(box.calls()).toHaveLength(1))
    expect(await client.callTool(call)).toMatchObject({
      structuredContent: { preceptor: { code: 'EXECUTION_IN_PROGRESS' } },
    })
    box.says({ tools: [DO] })
    expect(await first).toMatchObject(ran)
    expect(box.calls()).toHaveLength(1)
  })

  it('is not sent twice where nobody knows what became of it', async () => {
    const box = upstream({ tools: [DO] })
    const client = await behind('clerk', box, { catalogue })
    const call = callOf({ text: 'lost' })
    const id = proposalIn(await client.callTool(call))
    await approve(id)
    box.says({ tools: [DO], exitAt: 'tools/call' })
    await expect(client.callTool(call)).rejects.toThrow('nobody knows')
    box.says({ tools: [DO] })
    expect(await client.callTool(call)).toMatchObject({ isError: true })
    expect(box.calls()).toHaveLength(1)
  })

  it('has its approval still when the server was not there', async () => {
    const box = upstream({ tools: [DO] })
    const client = await behind('clerk', box, { catalogue })
    const call = callOf({ text: 'down' })
    const id = proposalIn(await client.callTool(call))
    await approve(id)
    box.says({ tools: [DO], exitAt: 'tools/list' })
    await expect(client.listTools()).rejects.toThrow()
    box.says({ tools: [DO], exitAt: 'initialize' })
    await expect(client.callTool(call)).rejects.toThrow()
    expect(await ana().proposals.get(id)).toMatchObject({ state: 'approved' })
    box.says({ tools: [DO] })
    expect(await client.callTool(call)).toMatchObject(ran)
    expect(box.calls()).toHaveLength(1)
  })

  it('is asked for anew where the approval ran out, was taken back or was used', async () => {
    const box = upstream({ tools: [DO] })
    const client = await behind('clerk', box, { catalogue })
    const call = callOf({ text: 'taken' })
    const id = proposalIn(await client.callTool(call))
    await approve(id)
    await test().admin.proposals.cancel(id, 'Not now.')
    const next = proposalIn(await client.callTool(call))
    expect(next).not.toBe(id)
    await approve(next)
    expect(await client.callTool(call)).toMatchObject(ran)
    expect(proposalIn(await client.callTool(call))).not.toBe(next)
    expect(box.calls()).toHaveLength(1)
  })

  it('is another one of another agent', async () => {
    const box = upstream({ tools: [DO] })
    await test().register('other', 'intern')
    const [mine, theirs] = [
      await behind('clerk', box, { catalogue }),
      await behind('other' as 'clerk', box, { catalogue }),
    ]
    const call = callOf({ text: 'mine' })
    await approve(proposalIn(await mine.callTool(call)))
    expect(await theirs.callTool(call)).toMatchObject(pending)
    expect(box.calls()).toEqual([])
  })

  it('is another one where the tool has become another, critical or not', async () => {
    const box = upstream({ tools: [DO] })
    const client = await behind('clerk', box)
    const call = callOf({ text: 'described' })
    const id = proposalIn(await client.callTool(call))
    await approve(id)
    await approve(id, undefined, 'ben')
    expect(await ana().proposals.get(id)).toMatchObject({ state: 'approved' })
    box.says({ tools: [toolOf('do_it', { description: 'Does something else.' })] })
    await client.listTools()
    expect(await client.callTool(call)).toMatchObject(pending)
    expect(box.calls()).toEqual([])
  })

  it('is another one at another server of the same name', async () => {
    const [test1, real] = [upstream({ tools: [DO] }), upstream({ tools: [DO] })]
    const call = callOf({ text: 'where' })
    await approve(proposalIn(await (await behind('clerk', test1, { catalogue })).callTool(call)))
    expect(await (await behind('clerk', real, { catalogue })).callTool(call)).toMatchObject(pending)
    expect(real.calls()).toEqual([])
  })
})
