import type { ReactNode } from 'react'
import { useIsEmbedded } from '../data/embedding.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Main } from '../ui/main.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { SHELL } from './shell-messages.ts'

/** A page broke: it says so, and the others go on. */
export function PageFault({ error, reset }: { readonly error: unknown; readonly reset: () => void }): ReactNode {
  const isEmbedded = useIsEmbedded()
  const t = useText(SHELL)
  return (
    <Main className="page">
      <h1>{t('broken')}</h1>
      <ProblemNote error={error} />
      <p>
        {/* The page of somebody else stays. */}
        <Button onClick={() => (isEmbedded ? reset() : location.reload())}>{t('reload')}</Button>
      </p>
    </Main>
  )
}
