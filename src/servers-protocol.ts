/** What the extension tells the page with the lag of replicas: types only. */

/** How far a replica was behind, a sample a look. */
export interface LagLine {
  readonly replica: string;
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  /** Bytes of the stream that the replica had not acknowledged. */
  readonly bytes: readonly number[];
  /** Seconds since it last acknowledged; null before the first time. */
  readonly seconds: readonly (number | null)[];
}

/** What the page shows. */
export interface LagPicture {
  /** The server whose replicas they are; null while there is none with replicas. */
  readonly server: string | null;
  readonly lines: readonly LagLine[];
  /** The stretch of time that is shown, in seconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** The page begins with this, as `data-state` of its element. */
export interface LagPageState {
  readonly strings: Readonly<Record<string, string>>;
  readonly picture: LagPicture;
}

/** Sent with every new sample. */
export interface LagMessage {
  readonly event: 'lag';
  readonly picture: LagPicture;
}

/** The page can take messages. */
export interface LagReady {
  readonly ready: 'lag';
}
