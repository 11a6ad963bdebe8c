import type { ReactNode } from 'react'
import { useIsEmbedded } from '../data/embedding.ts'
import { CopyButton } from './copy-button.tsx'

/** Copies the address of what is shown; the address of somebody else's page leads to no record of ours. */
export function CopyLink({ address, label }: { readonly address: string; readonly label: string }): ReactNode {
  return useIsEmbedded() ? null : <CopyButton text={address} label={label} />
}
