import type { WorkflowDefinition, WorkflowStep } from '../client/workflow-definition.ts'
import { planOf, type WorkflowEdge, type WorkflowPlan } from './graph.ts'

/** The two ends of the shape of each type. */
const SHAPES: Readonly<Record<WorkflowStep['type'], readonly [string, string]>> = {
  agent: ['[', ']'],
  api_call: ['[/', '/]'],
  approval: ['{{', '}}'],
  condition: ['{', '}'],
  parallel: ['[[', ']]'],
  transform: ['(', ')'],
}

const LONGEST_LABEL = 80
const PLAIN = /^[\p{L}\p{N} .,]$/u

/**
 * A definition as a flowchart in the language of Mermaid. Nodes have names of their own, and of every text only letters,
 * digits and a few signs stand as they are, so that none is read as anything but a label.
 */
export function drawWorkflow(definition: WorkflowDefinition): string {
  const plan = planOf(definition)
  const names = new Map(plan.ids.map((id, index) => [id, `s${index}`]))
  const lines = drawList(definition.steps, { plan, names, indent: '  ', end: 'done' })
  const first = names.get(plan.first(null) ?? '') ?? 'done'
  return ['flowchart TD', `  begin(["begin"])`, '  done(["end"])', `  begin --> ${first}`, ...lines, ''].join('\n')
}

interface Sheet {
  readonly plan: WorkflowPlan
  readonly names: ReadonlyMap<string, string>
  readonly indent: string
  /** Node that the end of the list leads to. */
  readonly end: string
}

function drawList(steps: readonly WorkflowStep[], sheet: Sheet): readonly string[] {
  return steps.flatMap((step) => [...drawNode(step, sheet), ...drawEdges(step, sheet)])
}

function drawNode(step: WorkflowStep, sheet: Sheet): readonly string[] {
  const { names, indent } = sheet
  const name = nodeOf(step.id, names)
  const [open, close] = SHAPES[step.type]
  const node = `${indent}${name}${open}"${label(step.title ?? step.id)}"${close}`
  if (step.type !== 'parallel') return [node]
  const join = joinOf(name)
  const branches = step.branches.flatMap((branch, index) => {
    const inner = { ...sheet, indent: `${indent}  `, end: join }
    return [
      `${indent}subgraph ${name}b${index}["${label(branch.name)}"]`,
      ...drawList(branch.steps, inner),
      `${indent}end`,
      `${indent}${name} --> ${nodeOf(branch.steps[0]?.id ?? '', names)}`,
    ]
  })
  return [node, ...branches, `${indent}${join}(("${step.join === 'any' ? 'any' : 'all'}"))`]
}

function drawEdges(step: WorkflowStep, { plan, names, indent, end }: Sheet): readonly string[] {
  const name = nodeOf(step.id, names)
  const from = step.type === 'parallel' ? joinOf(name) : name
  return plan.edgesOf(step.id).map((edge) => {
    const to = edge.to === null ? end : nodeOf(edge.to, names)
    return `${indent}${from} ${arrowOf(step, edge)} ${to}`
  })
}

function arrowOf(step: WorkflowStep, { kind, index = 0 }: WorkflowEdge): string {
  switch (kind) {
    case 'next':
      return '-->'
    case 'otherwise':
      return '-->|"otherwise"|'
    case 'when':
      return `-->|"${label(step.type === 'condition' ? (step.branches[index]?.when ?? '') : '')}"|`
    case 'error':
      return '-.->|"on error"|'
    case 'reject':
      return '-.->|"on reject"|'
    case 'expire':
      return '-.->|"on expire"|'
  }
}

function joinOf(name: string): string {
  return `${name}j`
}

/** A target that is not there is drawn as the end; a definition that was checked has none. */
function nodeOf(id: string, names: ReadonlyMap<string, string>): string {
  return names.get(id) ?? 'done'
}

/** A text as the inside of a quoted label: what is not plain becomes the number of its character. */
function label(text: string): string {
  const characters = [...text]
  const shown = characters.length > LONGEST_LABEL ? [...characters.slice(0, LONGEST_LABEL - 1), '…'] : characters
  return shown.map((character) => (PLAIN.test(character) ? character : `#${character.codePointAt(0)};`)).join('')
}
