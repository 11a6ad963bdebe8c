import { Graph, layout } from '@dagrejs/dagre'
import { visibleText } from '@preceptor/client'
import { textLines } from './text-lines.ts'
import type { GraphEdge, GraphNode, WorkflowGraph } from './workflow-graph.ts'

/** A place in the drawing. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** A box with its place: the middle of it, and how large it is. */
export interface PlacedNode extends GraphNode, Point {
  readonly width: number
  readonly height: number
  /** What stands in it below its type, line by line. */
  readonly lines: readonly string[]
}

/** An arrow with the points that it goes through. */
export interface PlacedEdge extends GraphEdge {
  readonly points: readonly Point[]
  /** Middle of its text; null where it has none. */
  readonly text: (Point & { readonly lines: readonly string[] }) | null
}

/** A drawing: everything lies between nought and its width and height. */
export interface GraphLayout {
  readonly width: number
  readonly height: number
  readonly nodes: readonly PlacedNode[]
  readonly edges: readonly PlacedEdge[]
}

const LETTERS = 20
const WAY_LETTERS = 22
const LINE = 17
const MARGIN = 16
const SMALL = { begin: 64, end: 64, join: 56 } as const

/** Puts boxes and arrows in their places, from top to bottom; `wayText` says what stands beside an arrow. */
export function layoutOf({ nodes, edges }: WorkflowGraph, wayText: (edge: GraphEdge) => string | null): GraphLayout {
  const graph = new Graph({ multigraph: true, directed: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 34, edgesep: 18, marginx: MARGIN, marginy: MARGIN })
  const sized = nodes.map((node) => ({ node, ...sizeOf(node) }))
  for (const { node, width, height } of sized) graph.setNode(node.key, { width, height })
  const drawn = edges.map((edge, index) => {
    const lines = textLines(wayText(edge) ?? '', WAY_LETTERS)
    const widest = Math.max(0, ...lines.map((line) => [...line].length))
    const size = lines.length === 0 ? {} : { width: widest * 6.6 + 12, height: lines.length * 15 + 6, labelpos: 'c' }
    graph.setEdge({ v: edge.from, w: edge.to, name: String(index) }, size)
    return { edge, lines, index }
  })
  layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: sized.map((one) => ({ ...one.node, ...pointOf(graph.node(one.node.key)), ...withoutNode(one) })),
    edges: drawn.map(({ edge, lines, index }) => {
      const placed = graph.edge({ v: edge.from, w: edge.to, name: String(index) })
      return { ...edge, points: placed.points ?? [], text: lines.length === 0 ? null : { ...pointOf(placed), lines } }
    }),
  }
}

interface Size {
  readonly width: number
  readonly height: number
  readonly lines: readonly string[]
}

function sizeOf({ kind, id, title }: GraphNode): Size {
  if (kind === 'begin' || kind === 'end' || kind === 'join') return { width: SMALL[kind], height: 30, lines: [] }
  const lines = textLines(visibleText(title ?? id), LETTERS)
  return { width: 232, height: 40 + Math.max(1, lines.length) * LINE, lines }
}

function withoutNode({ width, height, lines }: Size): Size {
  return { width, height, lines }
}

function pointOf({ x = 0, y = 0 }: { readonly x?: number; readonly y?: number }): Point {
  return { x, y }
}
