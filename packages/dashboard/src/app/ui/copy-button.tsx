import { type ReactNode, useState } from 'react'
import { useAnnounce } from './announcer.tsx'
import { Button } from './button.tsx'

const SHOWN_MS = 2_000

/** Copies a text. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const [isCopied, setCopied] = useState(false)
  const announce = useAnnounce()
  const copy = (): void => {
    navigator.clipboard?.writeText(text).then(
      () => {
        announce('Copied.')
        setCopied(true)
        setTimeout(() => setCopied(false), SHOWN_MS)
      },
      () => announce('The browser does not let this page copy.'),
    )
  }
  return (
    <Button kind="quiet" onClick={copy}>
      {isCopied ? 'Copied' : label}
    </Button>
  )
}
