// Every rule of the policy pack is broken once; see README.md.
import "./account";
import "./analytics";
import "./databases";
import "./edge";
import "./identity";
import "./intelligence";
import "./network";
import "./programs";
import "./storage";
