import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { SHELL } from './shell-messages.ts'

/** A page broke: it says so, and the others go on. */
export function PageFault({ error }: { readonly error: unknown }): ReactNode {
  const t = useText(SHELL)
  return (
    <main id="main" className="page">
      <h1>{t('broken')}</h1>
      <ProblemNote error={error} />
      <p>
        <Button onClick={() => location.reload()}>{t('reload')}</Button>
      </p>
    </main>
  )
}
