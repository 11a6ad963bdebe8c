import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'

const AnnouncerContext = createContext<(text: string) => void>(() => undefined)

/** Says something politely, to those who hear the page and to those who see it. */
export function useAnnounce(): (text: string) => void {
  return useContext(AnnouncerContext)
}

const SHOWN_MS = 6_000

/** Holds the place where the page speaks. */
export function Announcer({ children }: { readonly children: ReactNode }): ReactNode {
  const [message, setMessage] = useState({ text: '', count: 0 })
  const announce = useCallback((text: string) => {
    setMessage(({ count }) => ({ text, count: count + 1 }))
    setTimeout(() => setMessage((present) => (present.text === text ? { ...present, text: '' } : present)), SHOWN_MS)
  }, [])
  return (
    <AnnouncerContext value={announce}>
      {children}
      <div role="status" className={message.text === '' ? 'toast toast-empty' : 'toast'}>
        <span key={message.count}>{message.text}</span>
      </div>
    </AnnouncerContext>
  )
}
