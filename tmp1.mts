import { readFileSync, readdirSync } from "node:fs"
import { parseFile } from "./src/manifest/parse-file.ts"
const dir="/work/shared/corpus/"
const tally:Record<string,number>={}, roles:Record<string,number>={}
let t=0,n=0
const ex:Record<string,string[]>={}
for(const l of readFileSync(dir+"index.jsonl","utf8").trim().split("\n")){const o=JSON.parse(l);const b=readFileSync(dir+o.file);const t0=performance.now();const p=parseFile(b,{name:o.path,secretKey:"k"});t+=performance.now()-t0;n+=p.documents.length
 const rk=o.class+":"+p.role+(p.readable?"":"!");roles[rk]=(roles[rk]??0)+1
 for(const f of p.findings){tally[f.severity+" "+f.code]=(tally[f.severity+" "+f.code]??0)+1;(ex[f.code]??=[]).push(o.file+" "+o.path+":"+f.line+":"+f.column+" "+f.message+"  "+f.object)}}
console.log(t|0,n,tally,roles); for(const c of process.argv.slice(2))console.log(c,ex[c]?.slice(0,60).join("\n"))
