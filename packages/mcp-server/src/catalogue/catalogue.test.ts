import { describe, expect, it } from 'vitest'
import { actionOf, type CatalogueEntry, definitionOf, parseCatalogue } from './catalogue.ts'

const tool = { name: 'write_note', description: 'Writes.', inputSchema: { type: 'object' as const } }
const entry: CatalogueEntry = { definition: definitionOf(tool), risk: 'medium', idempotent: true }

describe('what a person says of a tool [MCP-20]', () => {
  it('holds for exactly the tool that was looked at', () => {
    expect(actionOf(tool, entry, 'here')).toMatchObject({ risk: 'medium', idempotent: true })
    expect(actionOf({ ...tool, description: 'Writes twice.' }, entry, 'here')).not.toHaveProperty('idempotent')
    expect(actionOf({ ...tool, description: 'Writes twice.' }, entry, 'here').risk).toBe('critical')
  })

  it('does not hold while the tool is marked as changed', () => {
    const marked = parseCatalogue({
      version: 1,
      upstreams: { notes: { tools: { write_note: { ...entry, changed: true } } } },
    })
    const action = actionOf(tool, marked.upstreams.notes?.tools.write_note, 'here')
    expect([action.risk, action.idempotent]).toEqual(['critical', undefined])
  })
})
