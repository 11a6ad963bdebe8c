import { type JsonObject, type PolicyVersion, type ShadowedCapability, visibleText } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ChangeList } from '../card/change-list.tsx'
import { problemOf } from '../data/problem.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { withoutShadow } from './enforced-policy.ts'
import { currentPolicyQuery } from './policy-versions.ts'
import { SHADOW } from './shadow-messages.ts'

interface EnforceDialogProps {
  readonly capability: ShadowedCapability
  readonly present: PolicyVersion
  readonly onClose: () => void
}

/** Takes a capability out of the shadow, after what that would have done was shown. */
export function EnforceDialog({ capability, present, onClose }: EnforceDialogProps): ReactNode {
  const t = useText(SHADOW)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  // What is said is what stood when the dialog opened; whoever was first is told of, and gone on from.
  const [base, setBase] = useState(present)
  const [isOvertaken, setOvertaken] = useState(false)
  const next: JsonObject = withoutShadow(base.document, capability.capability)
  // What goes is said, not how the places of the others in the list move.
  const isShadowed = next !== base.document
  const name = visibleText(capability.capability)
  const act = useAct<string, PolicyVersion>({
    does: async (reason) => {
      try {
        return await scope.policies.put(next, { basedOn: base.version, reason })
      } catch (error) {
        if (problemOf(error).isConflict) {
          setBase(await client.fetchQuery({ ...currentPolicyQuery(scope), staleTime: 0 }))
          setOvertaken(true)
        }
        throw error
      }
    },
    says: ({ version }) => t('taken', { capability: name, version }),
    onDone(saved) {
      client.setQueryData(currentPolicyQuery(scope).queryKey, saved)
      void client.invalidateQueries({ queryKey: ['policies'] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('enforceTitle', { capability: name })}
      description={t('enforceEffect', { capability: name, version: base.version + 1 })}
      confirm={{ label: t('enforceNow') }}
      asksReason
      isReady={isShadowed}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    >
      <p>{t('verdict', { ran: capability.ran, held: capability.ran - capability.would.execution })}</p>
      {isOvertaken ? (
        <p className="note note-warn" role="alert">
          {t('overtaken', { version: base.version })}
        </p>
      ) : null}
      {isShadowed ? (
        <ChangeList changes={[{ kind: 'removed', pointer: '/shadow', before: capability.capability }]} />
      ) : (
        <p>{t('notShadowed', { capability: name })}</p>
      )}
    </AskDialog>
  )
}
