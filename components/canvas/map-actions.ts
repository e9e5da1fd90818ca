/** What a card or a connection on the map can ask for: one object for all of them, so that drawing again is rare. */
import { createContext, useContext } from "react";

export type MapActions = {
  addAfter(node: string, port?: string | null): void;
  addInside(owner: string): void;
  addOn(edge: string): void;
  connectFrom(node: string): void;
  changeKind(node: string): void;
  /** The chosen ones, or this one. */
  duplicate(id?: string): void;
  remove(id?: string): void;
  open(id: string): void;
};

export const MapContext = createContext<MapActions | null>(null);

export function useMapActions(): MapActions {
  const actions = useContext(MapContext);
  if (!actions) throw new Error("MapContext is missing above this component");
  return actions;
}
