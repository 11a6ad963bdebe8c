import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyDefinition, definitionOf, REFUND, transform } from './definitions.test.helper.ts'
import { drawWorkflow } from './draw-workflow.ts'

const LABEL = String.raw`"(?:[\p{L}\p{N} .,]|#\d{1,7};)*"`
const NAME = String.raw`(?:s\d+j?|done)`
const LINES: readonly RegExp[] = [
  new RegExp(
    String.raw`^ +(s\d+)(?:\[${LABEL}\]|\[/${LABEL}/\]|\{\{${LABEL}\}\}|\{${LABEL}\}|\[\[${LABEL}\]\]|\(${LABEL}\))$`,
    'u',
  ),
  /^ +(s\d+j)\(\("(?:all|any)"\)\)$/u,
  new RegExp(String.raw`^ +(${NAME}) (?:-->|-\.->)(?:\|${LABEL}\|)? (${NAME})$`, 'u'),
  new RegExp(String.raw`^ +subgraph s\d+b\d+\[${LABEL}\]$`, 'u'),
  /^ +end$/,
  /^ {2}begin\(\["begin"\]\)$/,
  /^ {2}done\(\["end"\]\)$/,
  /^ {2}begin --> s\d+$/,
]

/** Reads a drawing by the lines that it may hold; throws for any other. */
function read(mermaid: string): { readonly nodes: ReadonlySet<string>; readonly edges: readonly string[] } {
  const [head, ...lines] = mermaid.trimEnd().split('\n')
  expect(head).toBe('flowchart TD')
  const nodes = new Set(['done'])
  const edges: string[] = []
  let open = 0
  for (const line of lines) {
    const form = LINES.findIndex((pattern) => pattern.test(line))
    expect(form, line).toBeGreaterThanOrEqual(0)
    const [, first = '', second = ''] = LINES[form]?.exec(line) ?? []
    if (form < 2) nodes.add(first)
    if (form === 2) edges.push(first, second)
    if (form === 3) open += 1
    if (form === 4) open -= 1
    expect(open).toBeGreaterThanOrEqual(0)
  }
  expect(open).toBe(0)
  return { nodes, edges }
}

describe('drawings', () => {
  it('draws all types of steps, ways and branches', () => {
    const drawn = drawWorkflow(REFUND)
    read(drawn)
    for (const line of [
      's0[/"fetch"/]',
      's0 -.->|"on error"| s3',
      's1[["checks"]]',
      'subgraph s1b0["credit"]',
      's1 --> s5',
      's5["credit"]',
      's5 --> s1j',
      's6("fraud")',
      's1j --> s2',
      's2{"large"}',
      's2 -->|"input.cents #62; 10000 #124;#124; steps.checks.fraud #61;#61; null"| s3',
      's2 -->|"otherwise"| s4',
      's3{{"ask"}}',
      's3 -.->|"on reject"| done',
      's3 -.->|"on expire"| s3',
      's4 --> done',
    ]) {
      expect(drawn.split('\n').map((text) => text.trim())).toContain(line)
    }
  })

  it('makes a label of every text, whatever is in it', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.constantFrom(
        '"] --> x["',
        '<script>alert(1)</script>',
        'a\nclick s0 "javascript:alert(1)"',
        '%%{init: {}}%%',
        '`**md**`',
        '#quot;',
        'end',
        ']]\n  end',
        '|x|',
        '\u2028',
      ),
    )
    fc.assert(
      fc.property(hostile, hostile, (title, when) => {
        const condition = { id: 'b', type: 'condition', title, branches: [{ when, next: 'a' }] } as const
        const { nodes } = read(drawWorkflow(definitionOf([transform('a', { title }), condition])))
        expect(nodes).toEqual(new Set(['done', 's0', 's1']))
      }),
      { numRuns: 500 },
    )
  })

  it('leads only from and to nodes that it draws', () => {
    fc.assert(
      fc.property(anyDefinition, (definition) => {
        const { nodes, edges } = read(drawWorkflow(definition))
        for (const name of edges) expect(nodes).toContain(name)
      }),
      { numRuns: 300 },
    )
  })

  it('cuts long texts', () => {
    expect(drawWorkflow(definitionOf([transform('a', { title: 'b'.repeat(200) })]))).toContain(
      `"${'b'.repeat(79)}#8230;"`,
    )
  })
})
