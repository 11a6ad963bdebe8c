import { useBlocker } from '@tanstack/react-router'
import { type ReactNode, useCallback, useRef } from 'react'
import { useText } from '../text/use-text.ts'
import { AskDialog } from './ask-dialog.tsx'
import { useUnsaved } from './unsaved.ts'
import { UNSAVED } from './unsaved-messages.ts'

/**
 * Asks before edits are lost: by a dialog when somebody goes to another page, by that of the browser when they close the
 * tab or load it again. Whoever saved them leaves by `navigate({ …, ignoreBlocker: true })`.
 */
export function UnsavedEdits({ areThere }: { readonly areThere: boolean }): ReactNode {
  const t = useText(UNSAVED)
  useUnsaved(areThere)
  const latest = useRef(areThere)
  latest.current = areThere
  const shouldBlockFn = useCallback(
    // A place in the same page is no other page.
    ({ current, next }: { readonly current: Place; readonly next: Place }) =>
      latest.current &&
      (current.pathname !== next.pathname || JSON.stringify(current.search) !== JSON.stringify(next.search)),
    [],
  )
  const enableBeforeUnload = useCallback(() => latest.current, [])
  const { status, proceed, reset } = useBlocker({ shouldBlockFn, enableBeforeUnload, withResolver: true })
  if (status !== 'blocked') return null
  return (
    <AskDialog
      title={t('title')}
      description={t('effect')}
      confirm={{ label: t('leave'), kind: 'danger' }}
      cancel={t('stay')}
      isBusy={false}
      error={null}
      onConfirm={proceed}
      onClose={reset}
    />
  )
}

interface Place {
  readonly pathname: string
  readonly search: unknown
}
