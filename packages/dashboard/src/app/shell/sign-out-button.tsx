import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { isAnythingUnsaved } from '../ui/unsaved.ts'
import { SHELL } from './shell-messages.ts'

// Not before it is needed: dialogs are much of the script, and the first page has none.
const AskDialog = lazy(() => import('../ui/ask-dialog.tsx').then((file) => ({ default: file.AskDialog })))

/** Signs out, and asks first where something was edited and is not saved. */
export function SignOutButton(): ReactNode {
  const t = useText(SHELL)
  const { signOut } = useSignedIn()
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <Button kind="quiet" onClick={() => (isAnythingUnsaved() ? setAsked(true) : signOut())}>
        {t('signOut')}
      </Button>
      <Suspense>
        {isAsked ? (
          <AskDialog
            title={t('signOutTitle')}
            description={t('signOutEffect')}
            confirm={{ label: t('signOut'), kind: 'danger' }}
            cancel={t('staySignedIn')}
            isBusy={false}
            error={null}
            onConfirm={signOut}
            onClose={() => setAsked(false)}
          />
        ) : null}
      </Suspense>
    </>
  )
}
