import type { Agent } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'

/** Puts what an agent has become on the page, and closes what asked. */
export function useAgentChange(id: string, onClose: () => void): (agent: Agent) => void {
  const client = useQueryClient()
  return (agent) => {
    client.setQueryData(['agent', id], agent)
    void client.invalidateQueries({ queryKey: ['agent', id] })
    void client.invalidateQueries({ queryKey: ['agents'] })
    onClose()
  }
}
