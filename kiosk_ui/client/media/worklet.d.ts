/** The few names of the AudioWorklet's own world that TypeScript's DOM library does not declare. */
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare const registerProcessor: ((name: string, processor: unknown) => void) | undefined;
