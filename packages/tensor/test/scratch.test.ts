import * as p from "../../testkit/src/reference/precise.ts";
import {it} from "vitest"; it("x",()=>{
for (const [n,f,g] of [["exp",p.preciseExp,Math.exp],["log",p.preciseLog,Math.log],["sin",p.preciseSin,Math.sin],["cos",p.preciseCos,Math.cos],["atan",p.preciseAtan,Math.atan],["tanh",p.preciseTanh,Math.tanh]] as const){
 let w=0; const xs=Array.from({length:2000},()=> (Math.random()-(n==="log"?0:0.5))*60);
 const t=performance.now();
 for(const x of xs){const a=f(x),b=g(x); w=Math.max(w,Math.abs(a-b)/Math.abs(b));}
 console.log(n,w, (performance.now()-t)/2,"us");
}
console.log(p.preciseSin(1000),Math.sin(1000),p.preciseLog(1e-100),Math.log(1e-100),p.preciseTanh(1e-9),p.precisePow(2.5,-3.5),2.5**-3.5,p.preciseSigmoid(-30), 1/(1+Math.exp(30)), p.preciseExp(0),p.preciseLog(1),p.preciseAtan(-1e3),Math.atan(-1e3));
});
