import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, type RefObject, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import { useText } from '../../text/use-text.ts'
import type { LogLine } from './log-line.ts'
import { LOG } from './log-messages.ts'
import { LogRow } from './log-row.tsx'

/** Moves the log. */
export interface LogPlace {
  toEnd(): void
}

interface LogListProps {
  readonly lines: readonly LogLine[]
  readonly isFollowing: boolean
  /** Somebody reads further up. */
  readonly onLeaveEnd: () => void
  readonly place: RefObject<LogPlace | null>
}

const LINE_PX = 25
const UP: ReadonlySet<string> = new Set(['ArrowUp', 'PageUp', 'Home'])

/** The lines of the log, of which only those in sight are in the page. */
export function LogList({ lines, isFollowing, onLeaveEnd, place }: LogListProps): ReactNode {
  const t = useText(LOG)
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => lines[index]?.sequence ?? index,
    overscan: 16,
    // Positions are written by the CSSOM: there is no style in the markup.
    directDomUpdates: true,
  })
  useImperativeHandle(place, () => ({ toEnd: () => rows.scrollToEnd() }), [rows])
  const count = lines.length
  useLayoutEffect(() => {
    if (isFollowing && count > 0) rows.scrollToEnd()
  }, [rows, isFollowing, count])
  const onKey = ({ key }: KeyboardEvent): void => {
    if (UP.has(key)) onLeaveEnd()
    if (key === 'Home') rows.scrollToOffset(0)
    if (key === 'End') rows.scrollToEnd()
  }
  return (
    // A region that scrolls is reached by the keyboard.
    <div
      ref={box}
      role="log"
      aria-live="off"
      aria-label={t('title')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
      tabIndex={0}
      className="log-box"
      onKeyDown={onKey}
      onWheel={({ deltaY }) => deltaY < 0 && onLeaveEnd()}
      onTouchMove={onLeaveEnd}
      onPointerDown={({ target }) => target === box.current && onLeaveEnd()}
    >
      <div ref={rows.containerRef} className="log-lines">
        {rows.getVirtualItems().map(({ index, key }) => {
          const line = lines[index]
          return line === undefined ? null : (
            <div
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className={`log-line log-${line.level ?? line.kind}`}
            >
              <LogRow line={line} />
            </div>
          )
        })}
      </div>
    </div>
  )
}
