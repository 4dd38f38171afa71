/**
 * Runs in the AudioWorklet: keeps the next seconds of a microphone, hands them to the page once, and
 * lets go of them. Only for the kiosk's own tone; it is never put up to hear a person.
 */

if (typeof registerProcessor === "function") {
  registerProcessor(
    "capture",
    class extends AudioWorkletProcessor {
      /** @param {{processorOptions: {samples: number}}} options */
      constructor({ processorOptions }) {
        super();
        this.samples = new Float32Array(processorOptions.samples);
        this.filled = 0;
      }

      /** @param {Float32Array[][]} inputs */
      process(inputs) {
        const channels = inputs[0];
        if (channels?.length) {
          this.take(channels);
        }
        return this.filled < this.samples.length;
      }

      /** @param {Float32Array[]} channels mixed down */
      take(channels) {
        for (let at = 0; at < channels[0].length && this.filled < this.samples.length; at += 1) {
          let sum = 0;
          for (const channel of channels) {
            sum += channel[at];
          }
          this.samples[this.filled] = sum / channels.length;
          this.filled += 1;
        }
        if (this.filled === this.samples.length) {
          this.port.postMessage(this.samples, [this.samples.buffer]);
        }
      }
    },
  );
}
