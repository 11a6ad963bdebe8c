import { visibleText } from '@preceptor/client'
import type { WorkflowDefinition } from '@preceptor/orchestration/client'
import { curveBasis, line } from 'd3-shape'
import { type KeyboardEvent, type ReactNode, useMemo } from 'react'
import { type Text, useText } from '../text/use-text.ts'
import { layoutOf, type PlacedEdge, type PlacedNode, type Point } from './graph-layout.ts'
import { outlineOf } from './node-outline.ts'
import { STATE_KEYS, STATE_SHAPES, type StepState, TYPE_KEYS, wayText } from './step-looks.ts'
import { type GraphNode, graphOf } from './workflow-graph.ts'
import { WORKFLOWS, type WorkflowsKey } from './workflows-messages.ts'

interface CanvasProps {
  readonly definition: Pick<WorkflowDefinition, 'steps'>
  /** State of each step of a run, by the id of the step. */
  readonly states?: ReadonlyMap<string, StepState> | undefined
  /** The step that is worked on, by its key. */
  readonly chosen?: string | undefined
  readonly onOpen?: ((node: GraphNode) => void) | undefined
}

const LONGEST_WAY = 44
/** A drawing shrinks to this share of its size, and no further. */
const SMALLEST = 0.8
const curve = line<Point>(
  ({ x }) => x,
  ({ y }) => y,
).curve(curveBasis)

/** Boxes and arrows of a definition; each box is reached by the keyboard and has a name. */
export function DrawingCanvas({ definition, states, chosen, onOpen }: CanvasProps): ReactNode {
  const t = useText(WORKFLOWS)
  const placed = useMemo(
    () =>
      layoutOf(graphOf(definition), (edge) => {
        const text = wayText(edge, t)
        if (text === null || edge.kind === 'otherwise') return text
        // A long condition stands in the list, whole; the arrow says that there is one.
        return text.length > LONGEST_WAY ? t('wayLong') : visibleText(text)
      }),
    [definition, t],
  )
  const { width, height, nodes, edges } = placed
  return (
    // Its boxes have names; the region around it has one as well.
    // biome-ignore lint/a11y/noSvgWithoutTitle: see above
    <svg
      ref={(svg) => svg?.style.setProperty('--wf-least', `${Math.round(width * SMALLEST)}px`)}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className="wf-svg"
    >
      {edges.map((edge, index) => (
        // Ways have no names, and are drawn anew as a whole.
        // biome-ignore lint/suspicious/noArrayIndexKey: their place is what they are
        <Way key={index} edge={edge} />
      ))}
      {nodes.map((node) => (
        <Box key={node.key} node={node} state={states?.get(node.id)} isChosen={node.key === chosen} onOpen={onOpen} />
      ))}
    </svg>
  )
}

function Way({ edge: { points, text, kind } }: { readonly edge: PlacedEdge }): ReactNode {
  const [before, last] = [points.at(-2), points.at(-1)]
  const isDashed = kind === 'error' || kind === 'reject' || kind === 'expire'
  return (
    <g className={isDashed ? 'wf-way wf-way-fault' : 'wf-way'}>
      <path d={curve(points) ?? ''} className="wf-line" />
      {before === undefined || last === undefined ? null : <path d={arrowAt(before, last)} className="wf-arrow" />}
      {text === null ? null : (
        <text x={text.x} y={text.y - (text.lines.length - 1) * 7.5 + 4} textAnchor="middle" className="wf-way-text">
          {text.lines.map((words, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text
            <tspan key={index} x={text.x} dy={index === 0 ? 0 : 15}>
              {words}
            </tspan>
          ))}
        </text>
      )}
    </g>
  )
}

/** A small triangle that ends at a point. */
function arrowAt(from: Point, to: Point): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length]
  const [baseX, baseY] = [to.x - dx * 8, to.y - dy * 8]
  return `M${to.x} ${to.y}L${baseX - dy * 4.5} ${baseY + dx * 4.5}L${baseX + dy * 4.5} ${baseY - dx * 4.5}Z`
}

interface BoxProps {
  readonly node: PlacedNode
  readonly state: StepState | undefined
  readonly isChosen: boolean
  readonly onOpen: CanvasProps['onOpen']
}

function Box({ node, state, isChosen, onOpen }: BoxProps): ReactNode {
  const t = useText(WORKFLOWS)
  const isStep = node.kind in TYPE_KEYS
  const open = isStep && onOpen !== undefined ? () => onOpen(node) : undefined
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    open?.()
  }
  const classes = ['wf-node', `wf-kind-${node.kind}`, state === undefined ? '' : `wf-state-${state}`]
  if (isChosen) classes.push('wf-chosen')
  const acts = open === undefined ? { role: 'img' } : { role: 'button', onClick: open, onKeyDown }
  return (
    <g
      {...acts}
      tabIndex={isStep ? 0 : undefined}
      className={classes.join(' ')}
      transform={`translate(${node.x} ${node.y})`}
    >
      {/* Its name: the texts in it are broken into lines. */}
      <title>{nameOf(node, state, t)}</title>
      {outlineOf(node).map((path) => (
        <path key={path} d={path} className="wf-outline" />
      ))}
      <BoxText node={node} state={state} />
    </g>
  )
}

function BoxText({ node, state }: { readonly node: PlacedNode; readonly state: StepState | undefined }): ReactNode {
  const t = useText(WORKFLOWS)
  const { kind, height, width } = node
  if (!(kind in TYPE_KEYS) && kind !== 'missing') {
    return (
      <text y={4} textAnchor="middle" className="wf-small">
        {endText(node, t)}
      </text>
    )
  }
  const top = -height / 2
  return (
    <>
      <text x={-width / 2 + 20} y={top + 21} className="wf-type">
        {endText(node, t)}
      </text>
      {state === undefined ? null : (
        <text x={width / 2 - 20} y={top + 21} textAnchor="end" className="wf-state">
          {`${STATE_SHAPES[state]} ${t(STATE_KEYS[state])}`}
        </text>
      )}
      {node.lines.map((words, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text
        <text key={index} x={-width / 2 + 20} y={top + 42 + index * 17} className="wf-name">
          {words}
        </text>
      ))}
    </>
  )
}

function endText({ kind, id }: GraphNode, t: Text<WorkflowsKey>): string {
  if (kind === 'begin') return t('begin')
  if (kind === 'end') return t('end')
  if (kind === 'join') return t(id === 'any' ? 'joinAny' : 'joinAll')
  return kind === 'missing' ? t('missing') : t(TYPE_KEYS[kind])
}

function nameOf(node: GraphNode, state: StepState | undefined, t: Text<WorkflowsKey>): string {
  const parts = [endText(node, t)]
  if (node.kind in TYPE_KEYS || node.kind === 'missing') parts.push(visibleText(node.title ?? node.id))
  if (state !== undefined) parts.push(t(STATE_KEYS[state]))
  return parts.join(', ')
}
