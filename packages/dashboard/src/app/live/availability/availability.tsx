import type { PresenceState } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import '../../styles/availability.css'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useSignedIn } from '../../data/session-context.ts'
import { presenceQuery, useIsHeard, useUserActivity } from '../../data/use-user-activity.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { AVAILABILITY } from './availability-messages.ts'

// Nobody waits for it to read what is in the inbox.
const AvailabilityDialog = lazy(() =>
  import('./availability-dialog.tsx').then((file) => ({ default: file.AvailabilityDialog })),
)

const SIGNS: Readonly<Record<PresenceState, string>> = { online: '●', away: '◐', offline: '○' }

/** Whether who is signed in is asked to supervise, and the way to set that by hand. */
export function Availability(): ReactNode {
  const { identity } = useSignedIn()
  return useIsHeard() ? <Switch userId={identity.principal.id} /> : null
}

function Switch({ userId }: { readonly userId: string }): ReactNode {
  const t = useText(AVAILABILITY)
  const { scope } = useSignedIn()
  const [isOpen, setOpen] = useState(false)
  useUserActivity()
  const { data } = useQuery(presenceQuery(scope, userId))
  if (data === undefined) return null
  const state = t(data.state)
  return (
    <>
      <Button
        kind="quiet"
        className={`availability availability-${data.state}`}
        aria-label={t('label', { state })}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <span aria-hidden="true">{SIGNS[data.state]}</span> <span className="availability-word">{state}</span>
      </Button>
      <Suspense>{isOpen ? <AvailabilityDialog presence={data} onClose={() => setOpen(false)} /> : null}</Suspense>
    </>
  )
}
