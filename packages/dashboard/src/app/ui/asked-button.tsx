import { type ReactNode, useState } from 'react'
import { useAct } from '../data/use-act.ts'
import { AskDialog } from './ask-dialog.tsx'
import { Button, type ButtonKind } from './button.tsx'

interface AskedButtonProps {
  readonly label: string
  /** What it is about, heard beside the label: there is one in each row. */
  readonly of?: string
  readonly kind?: ButtonKind
  readonly title: string
  /** What it will do, exactly. */
  readonly description?: ReactNode
  /** How the button of the dialog looks; default: as this one. */
  readonly confirmKind?: ButtonKind
  readonly asksReason?: boolean
  readonly does: (reason: string) => Promise<unknown>
  /** What is said once it is done. */
  readonly says: string
  readonly after?: () => void
}

/** A button that asks before it does something. */
export function AskedButton(props: AskedButtonProps): ReactNode {
  const { label, of, kind = 'quiet', title, description, confirmKind, asksReason = false, does, says, after } = props
  const [isOpen, setOpen] = useState(false)
  const act = useAct<string>({
    does,
    says: () => says,
    onDone: () => {
      setOpen(false)
      after?.()
    },
  })
  return (
    <>
      <Button
        kind={kind}
        onClick={() => {
          act.reset()
          setOpen(true)
        }}
      >
        {label}
        {of === undefined ? null : <span className="visually-hidden">: {of}</span>}
      </Button>
      {isOpen ? (
        <AskDialog
          title={title}
          description={description}
          confirm={{ label, kind: confirmKind ?? (kind === 'quiet' ? 'primary' : kind) }}
          asksReason={asksReason}
          isBusy={act.isBusy}
          error={act.error}
          onConfirm={act.run}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  )
}
