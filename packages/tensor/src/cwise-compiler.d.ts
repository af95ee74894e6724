declare module "cwise-compiler" {
  interface Argument {
    readonly name: string;
    readonly lvalue: boolean;
    readonly rvalue: boolean;
    readonly count: number;
  }
  interface Block {
    readonly args: readonly Argument[];
    readonly body: string;
    readonly thisVars: readonly string[];
    readonly localVars: readonly string[];
  }
  interface Procedure {
    readonly args: readonly ("array" | "scalar")[];
    readonly pre: Block;
    readonly body: Block;
    readonly post: Block;
    readonly funcName: string;
  }
  /** Compiles a loop nest over strided arrays of equal shape, specialised to their dtypes and memory orders at the first call of each. */
  function compile(procedure: Procedure): (...args: unknown[]) => void;
  export = compile;
}
