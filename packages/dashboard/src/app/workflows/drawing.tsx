import { visibleText } from '@preceptor/client'
import type { WorkflowDefinition } from '@preceptor/orchestration/client'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Button } from '../ui/button.tsx'
import { StateMark } from './state-mark.tsx'
import { type StepState, TYPE_KEYS, wayText } from './step-looks.ts'
import { type GraphNode, graphOf } from './workflow-graph.ts'
import { WORKFLOWS } from './workflows-messages.ts'

const Canvas = lazy(() => import('./drawing-canvas.tsx').then(({ DrawingCanvas }) => ({ default: DrawingCanvas })))

interface DrawingProps {
  readonly title: string
  readonly definition: Pick<WorkflowDefinition, 'steps'>
  readonly states?: ReadonlyMap<string, StepState> | undefined
  readonly chosen?: string | undefined
  readonly onOpen?: (node: GraphNode) => void
}

/** A definition as a drawing, and the same as a list. */
export function Drawing({ title, ...drawn }: DrawingProps): ReactNode {
  const t = useText(WORKFLOWS)
  const [isList, setList] = useState(false)
  return (
    <section className="panel wf-drawing" aria-label={title}>
      <div className="panel-head">
        <h2 className="panel-title">{title}</h2>
        <Button kind="quiet" aria-pressed={isList} onClick={() => setList(!isList)}>
          {t(isList ? 'asDrawing' : 'asList')}
        </Button>
      </div>
      {isList ? (
        <StepList {...drawn} />
      ) : (
        // A region that scrolls is reached by the keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        <section className="wf-box" aria-label={t('drawingBox')} tabIndex={0}>
          <Suspense fallback={<p className="muted waiting">{t('drawingWait')}</p>}>
            <Canvas {...drawn} />
          </Suspense>
        </section>
      )}
    </section>
  )
}

/** The steps with their ways on, as the drawing has them. */
function StepList({ definition, states, onOpen }: Omit<DrawingProps, 'title'>): ReactNode {
  const t = useText(WORKFLOWS)
  const { nodes, edges } = graphOf(definition)
  const names = new Map(nodes.map((node) => [node.key, node]))
  const toText = (key: string): string => {
    const node = names.get(key)
    if (node === undefined || node.kind === 'end') return t('end')
    if (node.kind === 'missing') return t('missingNamed', { id: visibleText(node.id) })
    return node.kind === 'join' ? t(node.id === 'any' ? 'joinAny' : 'joinAll') : visibleText(node.id)
  }
  return (
    <ol className="wf-steps">
      {nodes.map((node) => {
        const kind = node.kind
        if (kind === 'begin' || kind === 'end' || kind === 'missing' || kind === 'join') return null
        const state = states?.get(node.id)
        const ways = edges.filter(({ from }) => from === node.key || from === `${node.key}.join`)
        return (
          <li key={node.key} className="wf-step-line">
            <div className="line">
              {onOpen === undefined ? (
                <code>{visibleText(node.id)}</code>
              ) : (
                <Button kind="quiet" onClick={() => onOpen(node)}>
                  <code>{visibleText(node.id)}</code>
                </Button>
              )}
              <span className="tag">{t(TYPE_KEYS[kind])}</span>
              {state === undefined ? null : <StateMark state={state} />}
              {node.title === null ? null : <AgentText text={node.title} />}
            </div>
            <ul className="muted small">
              {ways.map((edge, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: their place is what they are
                <li key={index}>
                  {t('wayTo', { way: visibleText(wayText(edge, t) ?? t('wayNext')), to: toText(edge.to) })}
                </li>
              ))}
            </ul>
          </li>
        )
      })}
    </ol>
  )
}
