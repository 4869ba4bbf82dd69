/**
 * What is known of each command, as text: written by `npm run command-table`, not by hand.
 *
 * A line `@family` begins a family of the documentation. Another line has seven fields: name (with its subcommand),
 * arity as COMMAND counts it, flags, keys, since, syntax, summary.
 * Flags: w write, r readonly, a admin, f fast, b blocking, n noscript, p pubsub; d reaches beyond the keys it names.
 * A capital puts the command into a group of AOFs other than its flags tell: A admin, R read, S script, W write.
 * Keys: `first,last,step` as COMMAND counts them, `first` alone for one key, or specifications joined by +:
 * `begin/last,step,limit` and `begin/#count,first,step`, where begin is a position or `KEYWORD@from`; or ! with the
 * name of a function.
 */
export const COMMAND_DATA = `@array
ARCOUNT	2	rf	1	8.8.0	key	Count the elements of an array that are set
ARDEL	-3	wf	1	8.8.0	key index [index ...]	Delete the elements at indexes of an array
ARDELRANGE	-4	w	1	8.8.0	key start end [start end ...]	Delete the elements in ranges of an array
ARGET	3	rf	1	8.8.0	key index	Get the element at an index of an array
ARGETRANGE	4	r	1	8.8.0	key start end	Get the elements in a range of an array
ARGREP	-6	r	1	8.8.0	key start end <EXACT string|MATCH string|GLOB pattern|RE pattern> [...] [AND|OR] [LIMIT limit] [WITHVALUES] [NOCASE]	Find the elements of a range that match a text, a glob or a regular expression
ARINFO	-2	r	1	8.8.0	key [FULL]	Tell how an array is stored
ARINSERT	-3	wf	1	8.8.0	key value [value ...]	Write values from the cursor of an array on, and move the cursor
ARLASTITEMS	-3	r	1	8.8.0	key count [REV]	Get the elements that were inserted last into an array
ARLEN	2	rf	1	8.8.0	key	Get the length of an array: its highest index and one
ARMGET	-3	rf	1	8.8.0	key index [index ...]	Get the elements at several indexes of an array
ARMSET	-4	wf	1	8.8.0	key index value [index value ...]	Set elements of an array by index
ARNEXT	2	rf	1	8.8.0	key	Get the index at which the next insert into an array writes
AROP	-5	r	1	8.8.0	key start end <SUM|MIN|MAX|AND|OR|XOR|MATCH value|USED>	Compute a sum, an extreme or a bitwise result over a range of an array
ARRING	-4	w	1	8.8.0	key size value [value ...]	Write values into an array that is used as a ring of a given size
ARSCAN	-4	r	1	8.8.0	key start end [LIMIT limit]	List the elements of a range that are set, with their indexes
ARSEEK	3	wf	1	8.8.0	key index	Set the cursor of an array for the next insert
ARSET	-4	wf	1	8.8.0	key index value [value ...]	Set elements of an array one after another from an index on
@bitmap
BITCOUNT	-2	r	1	2.6.0	key [start end [BYTE|BIT]]	Count set bits in a string
BITFIELD	-2	w	1	3.2.0	key [<GET encoding offset|[OVERFLOW <WRAP|SAT|FAIL>] <SET encoding offset value|INCRBY encoding offset increment>> [...]]	Perform arbitrary bitfield integer operations on strings
BITFIELD_RO	-2	rf	1	6.0.0	key [GET encoding offset [GET encoding offset ...]]	Perform arbitrary bitfield integer operations on strings. Read-only variant of BITFIELD
BITOP	-4	w	2,-1,1	2.6.0	<AND|OR|XOR|NOT|DIFF|DIFF1|ANDOR|ONE> destkey key [key ...]	Combine strings bit by bit and store the result
BITPOS	-3	r	1	2.8.7	key bit [start [end [BYTE|BIT]]]	Find first bit set or clear in a string
GETBIT	3	rf	1	2.2.0	key offset	Returns the bit value at offset in the string value stored at key
SETBIT	4	w	1	2.2.0	key offset value	Sets or clears the bit at offset in the string value stored at key
@bloom
BF.ADD	3	w	1	RedisBloom 1.0.0	key item	Add an item to a Bloom filter
BF.CARD	2	rf	1	RedisBloom 2.4.4	key	Count the items that were added to a Bloom filter
BF.DEBUG	2	rf	1	RedisBloom 1.0.0	key	Describe the layers of a Bloom filter
BF.EXISTS	3	rf	1	RedisBloom 1.0.0	key item	Tell whether an item may be in a Bloom filter
BF.INFO	-2	rf	1	RedisBloom 1.0.0	key [CAPACITY|SIZE|FILTERS|ITEMS|EXPANSION]	Tell the size and the settings of a Bloom filter
BF.INSERT	-4	w	1	RedisBloom 1.0.0	key [CAPACITY capacity] [ERROR error] [EXPANSION expansion] [NOCREATE] [NONSCALING] ITEMS item [item ...]	Add items to a Bloom filter that is created with these settings if need be
BF.LOAD	3	w	1	Valkey Bloom 1.0	key data	Restore a Bloom filter: a command of servers for their files
BF.LOADCHUNK	4	w	1	RedisBloom 1.0.0	key iterator data	Restore a part of a Bloom filter that BF.SCANDUMP returned
BF.MADD	-3	w	1	RedisBloom 1.0.0	key item [item ...]	Add items to a Bloom filter
BF.MEXISTS	-3	rf	1	RedisBloom 1.0.0	key item [item ...]	Tell of several items whether they may be in a Bloom filter
BF.RESERVE	-4	w	1	RedisBloom 1.0.0	key error-rate capacity [EXPANSION expansion] [NONSCALING]	Create an empty Bloom filter for a number of items and an error rate
BF.SCANDUMP	3	rf	1	RedisBloom 1.0.0	key iterator	Get the next part of a Bloom filter, to restore it elsewhere
@cluster
ASKING	1	f		3.0.0		Sent by cluster clients after an -ASK redirect
CLUSTER	-2			3.0.0		A container for cluster commands
CLUSTER ADDSLOTS	-3	a		3.0.0	slot [slot ...]	Assign new hash slots to receiving node
CLUSTER ADDSLOTSRANGE	-4	a		7.0.0	start-slot end-slot [start-slot end-slot ...]	Assign new hash slots to receiving node
CLUSTER BUMPEPOCH	2	a		3.0.0		Advance the cluster config epoch
CLUSTER CANCELSLOTMIGRATIONS	2	a		Valkey 9.0.0		Cancel all moves of slots that this node started
CLUSTER COUNT-FAILURE-REPORTS	3	a		3.0.0	node-id	Return the number of failure reports active for a given node
CLUSTER COUNTKEYSINSLOT	3			3.0.0	slot	Return the number of local keys in the specified hash slot
CLUSTER DELSLOTS	-3	a		3.0.0	slot [slot ...]	Set hash slots as unbound in receiving node
CLUSTER DELSLOTSRANGE	-4	a		7.0.0	start-slot end-slot [start-slot end-slot ...]	Set hash slots as unbound in receiving node
CLUSTER FAILOVER	-2	a		3.0.0	[FORCE|TAKEOVER]	Forces a replica to perform a manual failover of its master
CLUSTER FLUSHSLOTS	2	a		3.0.0		Delete a node's own slots information
CLUSTER FORGET	3	a		3.0.0	node-id	Remove a node from the nodes table
CLUSTER GETKEYSINSLOT	4			3.0.0	slot count	Return local key names in the specified hash slot
CLUSTER GETSLOTMIGRATIONS	2			Valkey 9.0.0		List the moves of slots that run or ran lately
CLUSTER INFO	2			3.0.0		Provides info about Redis Cluster node state
CLUSTER KEYSLOT	3			3.0.0	key	Returns the hash slot of the specified key
CLUSTER LINKS	2			7.0.0		Returns a list of all TCP links to and from peer nodes in cluster
CLUSTER MEET	-4	a		3.0.0	ip port [cluster-bus-port]	Force a node cluster to handshake with another node
CLUSTER MIGRATESLOTS	-4	a		Valkey 9.0.0	SLOTSRANGE start-slot end-slot [start-slot end-slot ...] NODE node-id [...]	Move slots of this node to other nodes
CLUSTER MIGRATION	-4	a		8.4.0	<IMPORT start-slot end-slot [start-slot end-slot ...]|CANCEL <ID task-id|ALL>|STATUS <ID task-id|ALL>>	Start, watch or cancel the move of slots to this node
CLUSTER MYID	2			3.0.0		Return the node id
CLUSTER MYSHARDID	2			7.2.0		Get the id of the shard of this node
CLUSTER NODES	2			3.0.0		Get Cluster config for the node
CLUSTER REPLICAS	3	a		5.0.0	node-id	List replica nodes of the specified master node
CLUSTER REPLICATE	3	a		3.0.0	node-id	Reconfigure a node as a replica of the specified master node
CLUSTER RESET	-2	an		3.0.0	[HARD|SOFT]	Reset a Redis Cluster node
CLUSTER SAVECONFIG	2	a		3.0.0		Forces the node to save cluster state on disk
CLUSTER SET-CONFIG-EPOCH	3	a		3.0.0	config-epoch	Set the configuration epoch in a new node
CLUSTER SETSLOT	-4	a		3.0.0	slot <IMPORTING node-id|MIGRATING node-id|NODE node-id|STABLE>	Bind a hash slot to a specific node
CLUSTER SHARDS	2			7.0.0		Get array of cluster slots to node mappings
CLUSTER SLAVES	3	a		3.0.0	node-id	List replica nodes of the specified master node
CLUSTER SLOT-STATS	-4			8.2.0	<SLOTSRANGE start-slot end-slot|ORDERBY metric [LIMIT limit] [ASC|DESC]>	Tell how slots of this node are used
CLUSTER SLOTS	2			3.0.0		Get array of Cluster slot to node mappings
CLUSTER SYNCSLOTS	-3	a		8.4.0	subcommand [arg ...]	Exchange messages between nodes that move slots
CLUSTERSCAN	-2	r		Valkey 9.1.0	cursor [MATCH pattern] [COUNT count] [TYPE type] [SLOT slot]	Iterate over the keys of all nodes of a cluster
READONLY	1	f		3.0.0		Enables read queries for a connection to a cluster replica node
READWRITE	1	f		3.0.0		Disables read queries for a connection to a cluster replica node
@connection
AUTH	-2	fn		1.0.0	[username] password	Authenticate to the server
CLIENT	-2			2.4.0		A container for client connection commands
CLIENT CACHING	3	n		6.0.0	<YES|NO>	Instruct the server about tracking or not keys in the next request
CLIENT CAPA	-3	n		Valkey 8.0.0	capability [capability ...]	Tell the server what this client can do
CLIENT GETNAME	2	n		2.6.9		Get the current connection name
CLIENT GETREDIR	2	n		6.0.0		Get tracking notifications redirection client ID if any
CLIENT ID	2	n		5.0.0		Returns the client ID for the current connection
CLIENT IMPORT-SOURCE	3	n		Valkey 8.1.0	<ON|OFF>	Mark this connection as one that imports data
CLIENT INFO	2	n		6.2.0		Returns information about the current client connection
CLIENT KILL	-3	an		2.4.0	<ip:port|<ID client-id|TYPE <NORMAL|MASTER|SLAVE|REPLICA|PUBSUB>|USER username|ADDR ip:port|LADDR ip:port|SKIPME yes/no> [...]>	Kill the connection of a client
CLIENT LIST	-2	an		2.4.0	[TYPE <NORMAL|MASTER|REPLICA|PUBSUB>] [ID client-id [client-id ...]]	Get the list of client connections
CLIENT NO-EVICT	3	an		7.0.0	<ON|OFF>	Set client eviction mode for the current connection
CLIENT NO-TOUCH	3	n		7.2.0	<ON|OFF>	Keep the commands of this connection from changing when keys were used last
CLIENT PAUSE	-3	an		2.9.50	timeout [WRITE|ALL]	Stop processing commands from clients for some time
CLIENT REPLY	3	n		3.2.0	<ON|OFF|SKIP>	Instruct the server whether to reply to commands
CLIENT SETINFO	4	n		7.2.0	<LIB-NAME libname|LIB-VER libver>	Tell the server the name or the version of the client library
CLIENT SETNAME	3	n		2.6.9	connection-name	Set the current connection name
CLIENT TRACKING	-3	n		6.0.0	<ON|OFF> [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]	Enable or disable server assisted client side caching support
CLIENT TRACKINGINFO	2	n		6.2.0		Return information about server assisted client side caching for the current connection
CLIENT UNBLOCK	-3	an		5.0.0	client-id [TIMEOUT|ERROR]	Unblock a client blocked in a blocking command from a different connection
CLIENT UNPAUSE	2	an		6.2.0		Resume processing of clients that were paused
ECHO	2	f		1.0.0	message	Echo the given string
HELLO	-1	fn		6.0.0	[protover [AUTH username password] [SETNAME clientname]]	Handshake with Redis
PING	-1	f		1.0.0	[message]	Ping the server
QUIT	-1	fn		1.0.0		Close the connection
RESET	1	fn		6.2.0		Reset the connection
SELECT	2	f		1.0.0	index	Change the selected database for the current connection
@count-min-sketch
CMS.INCRBY	-4	w	1	RedisBloom 2.0.0	key item increment [item increment ...]	Raise the counts of items in a count-min sketch
CMS.INFO	2	r	1	RedisBloom 2.0.0	key	Tell width, depth and total count of a count-min sketch
CMS.INITBYDIM	4	w	1	RedisBloom 2.0.0	key width depth	Create a count-min sketch of a width and a depth
CMS.INITBYPROB	4	w	1	RedisBloom 2.0.0	key error probability	Create a count-min sketch that keeps to an error and its probability
CMS.MERGE	-4	w	1/0,1,0+2/#0,1,1	RedisBloom 2.0.0	key numkeys source [source ...] [WEIGHTS weight [weight ...]]	Add the counts of several count-min sketches into one
CMS.QUERY	-3	r	1	RedisBloom 2.0.0	key item [item ...]	Estimate the counts of items in a count-min sketch
@cuckoo
CF.ADD	3	w	1	RedisBloom 1.0.0	key item	Add an item to a cuckoo filter
CF.ADDNX	3	w	1	RedisBloom 1.0.0	key item	Add an item to a cuckoo filter unless it may be there already
CF.COMPACT	-1	rf	1	RedisBloom 1.0.0		Move the items of a cuckoo filter together
CF.COUNT	3	rf	1	RedisBloom 1.0.0	key item	Estimate how often an item is in a cuckoo filter
CF.DEBUG	2	rf	1	RedisBloom 1.0.0	key	Describe the layers of a cuckoo filter
CF.DEL	3	wf	1	RedisBloom 1.0.0	key item	Delete an item from a cuckoo filter once
CF.EXISTS	3	rf	1	RedisBloom 1.0.0	key item	Tell whether an item may be in a cuckoo filter
CF.INFO	2	rf	1	RedisBloom 1.0.0	key	Tell the size and the settings of a cuckoo filter
CF.INSERT	-4	w	1	RedisBloom 1.0.0	key [CAPACITY capacity] [NOCREATE] ITEMS item [item ...]	Add items to a cuckoo filter that is created if need be
CF.INSERTNX	-4	w	1	RedisBloom 1.0.0	key [CAPACITY capacity] [NOCREATE] ITEMS item [item ...]	Add those items to a cuckoo filter that are not there yet
CF.LOADCHUNK	4	w	1	RedisBloom 1.0.0	key iterator data	Restore a part of a cuckoo filter that CF.SCANDUMP returned
CF.MEXISTS	-3	rf	1	RedisBloom 1.0.0	key item [item ...]	Tell of several items whether they may be in a cuckoo filter
CF.RESERVE	-3	w	1	RedisBloom 1.0.0	key capacity [BUCKETSIZE bucketsize] [MAXITERATIONS maxiterations] [EXPANSION expansion]	Create an empty cuckoo filter for a number of items
CF.SCANDUMP	3	rf	1	RedisBloom 1.0.0	key iterator	Get the next part of a cuckoo filter, to restore it elsewhere
@generic
COPY	-3	w	1,2,1	6.2.0	source destination [DB destination-db] [REPLACE]	Copy a key
DEL	-2	w	1,-1,1	1.0.0	key [key ...]	Delete a key
DUMP	2	r	1	2.6.0	key	Return a serialized version of the value stored at the specified key
EXISTS	-2	rf	1,-1,1	1.0.0	key [key ...]	Determine if a key exists
EXPIRE	-3	wf	1	1.0.0	key seconds [NX|XX|GT|LT]	Set a key's time to live in seconds
EXPIREAT	-3	wf	1	1.2.0	key unix-time [NX|XX|GT|LT]	Set the expiration for a key as a UNIX timestamp
EXPIREMEMBER	-4	wf	1	KeyDB 6.0	key member delay [s|ms]	Let a member of a set expire after a time
EXPIREMEMBERAT	4	wf	1	KeyDB 6.0	key member unix-time	Let a member of a set expire at a time in seconds
EXPIRETIME	2	rf	1	7.0.0	key	Get the expiration Unix timestamp for a key
KEYDB.CRON	-5	w	1	KeyDB 6.0	name <SINGLE|REPEAT> [start] delay script numkeys [key ...] [arg ...]	Keep a script that runs once or again and again
KEYDB.MEXISTS	-2	rf	1,-1,1	KeyDB 6.3	key [key ...]	Tell of each key whether it exists
KEYDB.MVCCRESTORE	5	w	1	KeyDB 5.0	key mvcc expire serialized-value	Restore a key if it is newer than the one that is there
KEYS	2	r		1.0.0	pattern	Find all keys matching the given pattern
MIGRATE	-6	w	!migrate	2.6.0	host port <key|""> destination-db timeout [COPY] [REPLACE] [AUTH password|AUTH2 username password] [KEYS key [key ...]]	Atomically transfer a key from a Redis instance to another one
MOVE	3	wf	1	1.0.0	key db	Move a key to another database
OBJECT	-2			2.2.3		A container for object introspection commands
OBJECT ENCODING	3	r	2	2.2.3	key	Inspect the internal encoding of a Redis object
OBJECT FREQ	3	r	2	4.0.0	key	Get the logarithmic access frequency counter of a Redis object
OBJECT IDLETIME	3	r	2	2.2.3	key	Get the time since a Redis object was last accessed
OBJECT REFCOUNT	3	r	2	2.2.3	key	Get the number of references to the value of the key
PERSIST	2	wf	1	2.2.0	key	Remove the expiration from a key
PEXPIRE	-3	wf	1	2.6.0	key milliseconds [NX|XX|GT|LT]	Set a key's time to live in milliseconds
PEXPIREAT	-3	wf	1	2.6.0	key unix-time-ms [NX|XX|GT|LT]	Set the expiration for a key as a UNIX timestamp specified in milliseconds
PEXPIREMEMBERAT	4	wf	1	KeyDB 6.0	key member unix-time-ms	Let a member of a set expire at a time in milliseconds
PEXPIRETIME	2	rf	1	7.0.0	key	Get the expiration Unix timestamp for a key in milliseconds
PTTL	2	rf	1	2.6.0	key	Get the time to live for a key in milliseconds
RANDOMKEY	1	r		1.0.0		Return a random key from the keyspace
RENAME	3	w	1,2,1	1.0.0	key newkey	Rename a key
RENAMENX	3	wf	1,2,1	1.0.0	key newkey	Rename a key, only if the new key does not exist
RESTORE	-4	w	1	2.6.0	key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]	Create a key using the provided serialized value, previously obtained using DUMP
SCAN	-2	r		2.8.0	cursor [MATCH pattern] [COUNT count] [TYPE type]	Incrementally iterate the keys space
SORT	-2	w	!sort	1.0.0	key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC|DESC] [ALPHA] [STORE destination]	Sort the elements in a list, set or sorted set
SORT_RO	-2	r	!sort	7.0.0	key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC|DESC] [ALPHA]	Sort the elements in a list, set or sorted set. Read-only variant of SORT
TOUCH	-2	rf	1,-1,1	3.2.1	key [key ...]	Alters the last access time of a key(s). Returns the number of existing keys specified
TTL	2	rf	1	1.0.0	key	Get the time to live for a key in seconds
TYPE	2	rf	1	1.0.0	key	Determine the type stored at key
UNLINK	-2	wf	1,-1,1	4.0.0	key [key ...]	Delete a key asynchronously in another thread. Otherwise it is just as DEL, but non blocking
WAIT	3	n		3.0.0	numreplicas timeout	Wait for the synchronous replication of all the write commands sent in the context of the current connection
WAITAOF	4	b		7.2.0	numlocal numreplicas timeout	Wait until earlier writes of this connection are on disk, here or on replicas
@geo
GEOADD	-5	w	1	3.2.0	key [NX|XX] [CH] longitude latitude member [longitude latitude member ...]	Add one or more geospatial items in the geospatial index represented using a sorted set
GEODIST	-4	r	1	3.2.0	key member1 member2 [M|KM|FT|MI]	Returns the distance between two members of a geospatial index
GEOHASH	-2	r	1	3.2.0	key member [member ...]	Returns members of a geospatial index as standard geohash strings
GEOPOS	-2	r	1	3.2.0	key member [member ...]	Returns longitude and latitude of members of a geospatial index
GEORADIUS	-6	w	1/0,1,0+STORE@6/0,1,0+STOREDIST@6/0,1,0	3.2.0	key longitude latitude radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC] [STORE key] [STOREDIST key]	Query a sorted set representing a geospatial index to fetch members matching a given maximum distance from a point
GEORADIUSBYMEMBER	-5	w	1/0,1,0+STORE@5/0,1,0+STOREDIST@5/0,1,0	3.2.0	key member radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC] [STORE key] [STOREDIST key]	Query a sorted set representing a geospatial index to fetch members matching a given maximum distance from a member
GEORADIUSBYMEMBER_RO	-5	r	1	3.2.10	key member radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC]	A read-only variant for GEORADIUSBYMEMBER
GEORADIUS_RO	-6	r	1	3.2.10	key longitude latitude radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC]	A read-only variant for GEORADIUS
GEOSEARCH	-7	r	1	6.2.0	key <FROMMEMBER member|FROMLONLAT longitude latitude> <BYRADIUS radius <M|KM|FT|MI>|BYBOX width height <M|KM|FT|MI>> [ASC|DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]	Query a sorted set representing a geospatial index to fetch members inside an area of a box or a circle
GEOSEARCHSTORE	-8	w	1,2,1	6.2.0	destination source <FROMMEMBER member|FROMLONLAT longitude latitude> <BYRADIUS radius <M|KM|FT|MI>|BYBOX width height <M|KM|FT|MI>> [ASC|DESC] [COUNT count [ANY]] [STOREDIST]	Query a sorted set representing a geospatial index to fetch members inside an area of a box or a circle, and store the result in another key
@hash
HDEL	-3	wf	1	2.0.0	key field [field ...]	Delete one or more hash fields
HEXISTS	3	rf	1	2.0.0	key field	Determine if a hash field exists
HEXPIRE	-6	wf	1	7.4.0	key seconds [NX|XX|GT|LT] FIELDS numfields field [field ...]	Let fields of a hash expire after seconds
HEXPIREAT	-6	wf	1	7.4.0	key unix-time [NX|XX|GT|LT] FIELDS numfields field [field ...]	Let fields of a hash expire at a time in seconds
HEXPIRETIME	-5	rf	1	7.4.0	key FIELDS numfields field [field ...]	Get the times in seconds at which fields of a hash expire
HGET	3	rf	1	2.0.0	key field	Get the value of a hash field
HGETALL	2	r	1	2.0.0	key	Get all the fields and values in a hash
HGETDEL	-5	wf	1	8.0.0	key FIELDS numfields field [field ...]	Get fields of a hash and delete them
HGETEX	-5	wf	1	8.0.0	key [EX seconds|PX milliseconds|EXAT unix-time|PXAT unix-time-ms|PERSIST] FIELDS numfields field [field ...]	Get fields of a hash and change when they expire
HIMPORT	-2			8.10.0		A container for the commands that build hashes from prepared field names
HIMPORT DISCARD	3			8.10.0	fieldset-name	Forget a prepared list of field names
HIMPORT DISCARDALL	2			8.10.0		Forget all prepared lists of field names of this connection
HIMPORT PREPARE	-4			8.10.0	fieldset-name field [field ...]	Name a list of field names for this connection
HIMPORT SET	-5	w	2	8.10.0	key fieldset-name value [value ...]	Create a hash of values for a prepared list of field names
HINCRBY	4	wf	1	2.0.0	key field increment	Increment the integer value of a hash field by the given number
HINCRBYFLOAT	4	wf	1	2.6.0	key field increment	Increment the float value of a hash field by the given amount
HKEYS	2	r	1	2.0.0	key	Get all the fields in a hash
HLEN	2	rf	1	2.0.0	key	Get the number of fields in a hash
HMGET	-3	rf	1	2.0.0	key field [field ...]	Get the values of all the given hash fields
HMSET	-4	wf	1	2.0.0	key field value [field value ...]	Set multiple hash fields to multiple values
HPERSIST	-5	wf	1	7.4.0	key FIELDS numfields field [field ...]	Let fields of a hash never expire
HPEXPIRE	-6	wf	1	7.4.0	key milliseconds [NX|XX|GT|LT] FIELDS numfields field [field ...]	Let fields of a hash expire after milliseconds
HPEXPIREAT	-6	wf	1	7.4.0	key unix-time-ms [NX|XX|GT|LT] FIELDS numfields field [field ...]	Let fields of a hash expire at a time in milliseconds
HPEXPIRETIME	-5	rf	1	7.4.0	key FIELDS numfields field [field ...]	Get the times in milliseconds at which fields of a hash expire
HPTTL	-5	rf	1	7.4.0	key FIELDS numfields field [field ...]	Get how many milliseconds fields of a hash still have
HRANDFIELD	-2	r	1	6.2.0	key [count [WITHVALUES]]	Get one or multiple random fields from a hash
HSCAN	-3	r	1	2.8.0	key cursor [MATCH pattern] [COUNT count] [NOVALUES]	Iterate over the fields and values of a hash
HSET	-4	wf	1	2.0.0	key field value [field value ...]	Set the string value of a hash field
HSETC	-4	w	1	8.10.0	key field [field ...] value [value ...]	Set fields of a hash, all names before all values: a command of servers for their files
HSETEX	-6	wf	1	8.0.0	key [FNX|FXX] [EX seconds|PX milliseconds|EXAT unix-time|PXAT unix-time-ms|KEEPTTL] FIELDS numfields field value [field value ...]	Set fields of a hash, and when they expire
HSETNX	4	wf	1	2.0.0	key field value	Set the value of a hash field, only if the field does not exist
HSTRLEN	3	rf	1	3.2.0	key field	Get the length of the value of a hash field
HTTL	-5	rf	1	7.4.0	key FIELDS numfields field [field ...]	Get how many seconds fields of a hash still have
HVALS	2	r	1	2.0.0	key	Get all the values in a hash
KEYDB.HRENAME	4	wf	1	KeyDB 6.3	key field new-field	Rename a field of a hash
KEYDB.NHGET	-2	rf	1	KeyDB 6.0	key [path]	Get a value of a nested hash
KEYDB.NHSET	-3	wf	1	KeyDB 6.0	key [path] value [value ...]	Set a value of a nested hash
@hyperloglog
PFADD	-2	wf	1	2.8.9	key [element [element ...]]	Adds the specified elements to the specified HyperLogLog
PFCOUNT	-2	r	1,-1,1	2.8.9	key [key ...]	Return the approximated cardinality of the set(s) observed by the HyperLogLog at key(s)
PFDEBUG	3	wa	2	2.8.9	subcommand key	Internal commands for debugging HyperLogLog values
PFMERGE	-2	w	1,-1,1	2.8.9	destkey sourcekey [sourcekey ...]	Merge N different HyperLogLogs into a single one
PFSELFTEST	1	a		2.8.9		An internal command for testing HyperLogLog values
@json
JSON.ARRAPPEND	-3	w	1	RedisJSON 1.0.0	key path json [json ...]	Append values to arrays in a JSON document
JSON.ARRINDEX	-4	r	1	RedisJSON 1.0.0	key path json-value [start [stop]]	Find the first place of a value in arrays of a JSON document
JSON.ARRINSERT	-5	w	1	RedisJSON 1.0.0	key path index json [json ...]	Insert values into arrays of a JSON document
JSON.ARRLEN	-2	r	1	RedisJSON 1.0.0	key [path]	Get the length of arrays in a JSON document
JSON.ARRPOP	-2	w	1	RedisJSON 1.0.0	key [path [index]]	Remove an element from arrays of a JSON document and return it
JSON.ARRTRIM	5	w	1	RedisJSON 1.0.0	key path start stop	Cut arrays of a JSON document to a range
JSON.CLEAR	-2	w	1	RedisJSON 2.0.0	key [path]	Empty arrays and objects of a JSON document, and set numbers to 0
JSON.DEBUG	-2	r	MEMORY@1/0,1,0	RedisJSON 1.0.0	MEMORY key [path]	Tell the memory that a JSON document takes
JSON.DEL	-2	w	1	RedisJSON 1.0.0	key [path]	Delete values from a JSON document, or all of it
JSON.FORGET	-2	w	1	RedisJSON 1.0.0	key [path]	Delete values from a JSON document, or all of it
JSON.GET	-2	r	1	RedisJSON 1.0.0	key [INDENT indent] [NEWLINE newline] [SPACE space] [path [path ...]]	Get values of a JSON document as text
JSON.MERGE	-4	w	1	RedisJSON 2.6.0	key path value	Merge a value into a JSON document
JSON.MGET	-3	r	1,-2,1	RedisJSON 1.0.0	key [key ...] path	Get the value at a path from several JSON documents
JSON.MSET	-4	w	1,-1,3	RedisJSON 2.6.0	key path value [key path value ...]	Set values in several JSON documents
JSON.NUMINCRBY	4	w	1	RedisJSON 1.0.0	key path number	Add to numbers in a JSON document
JSON.NUMMULTBY	4	w	1	RedisJSON 1.0.0	key path number	Multiply numbers in a JSON document
JSON.NUMPOWBY	4	w	1	RedisJSON 1.0.0	key path number	Raise numbers in a JSON document to a power
JSON.OBJKEYS	-2	r	1	RedisJSON 1.0.0	key [path]	List the names in objects of a JSON document
JSON.OBJLEN	-2	r	1	RedisJSON 1.0.0	key [path]	Count the names in objects of a JSON document
JSON.RESP	-2	r	1	RedisJSON 1.0.0	key [path]	Get values of a JSON document as a reply of nested arrays
JSON.SET	-4	w	1	RedisJSON 1.0.0	key path value [NX|XX]	Set a value in a JSON document, or the document
JSON.STRAPPEND	-3	w	1	RedisJSON 1.0.0	key [path] value	Append to strings in a JSON document
JSON.STRLEN	-2	r	1	RedisJSON 1.0.0	key [path]	Get the length of strings in a JSON document
JSON.TOGGLE	3	w	1	RedisJSON 2.0.0	key path	Turn true into false, and false into true, in a JSON document
JSON.TYPE	-2	r	1	RedisJSON 1.0.0	key [path]	Get the type of values in a JSON document
@list
BLMOVE	6	wbn	1,2,1	6.2.0	source destination <LEFT|RIGHT> <LEFT|RIGHT> timeout	Pop an element from a list, push it to another list and return it; or block until one is available
BLMOVEM	-6	wb	1,2,1	8.10.0	source destination <LEFT|RIGHT> <LEFT|RIGHT> timeout [<COUNT count|EXACTLY exactly> <OBO|BULK>]	Move several elements from one list to another, or wait until there are some
BLMPOP	-5	wb	2/#0,1,1	7.0.0	timeout numkeys key [key ...] <LEFT|RIGHT> [COUNT count]	Pop elements from a list, or block until one is available
BLPOP	-3	wbn	1,-2,1	2.0.0	key [key ...] timeout	Remove and get the first element in a list, or block until one is available
BRPOP	-3	wbn	1,-2,1	2.0.0	key [key ...] timeout	Remove and get the last element in a list, or block until one is available
BRPOPLPUSH	4	wbn	1,2,1	2.2.0	source destination timeout	Pop an element from a list, push it to another list and return it; or block until one is available
LINDEX	3	r	1	1.0.0	key index	Get an element from a list by its index
LINSERT	5	w	1	2.2.0	key <BEFORE|AFTER> pivot element	Insert an element before or after another element in a list
LLEN	2	rf	1	1.0.0	key	Get the length of a list
LMOVE	5	w	1,2,1	6.2.0	source destination <LEFT|RIGHT> <LEFT|RIGHT>	Pop an element from a list, push it to another list and return it
LMOVEM	-5	w	1,2,1	8.10.0	source destination <LEFT|RIGHT> <LEFT|RIGHT> [<COUNT count|EXACTLY exactly> <OBO|BULK>]	Move several elements from one list to another
LMPOP	-4	w	1/#0,1,1	7.0.0	numkeys key [key ...] <LEFT|RIGHT> [COUNT count]	Pop elements from a list
LPOP	-2	wf	1	1.0.0	key [count]	Remove and get the first elements in a list
LPOS	-3	r	1	6.0.6	key element [RANK rank] [COUNT num-matches] [MAXLEN len]	Return the index of matching elements on a list
LPUSH	-3	wf	1	1.0.0	key element [element ...]	Prepend one or multiple elements to a list
LPUSHX	-3	wf	1	2.2.0	key element [element ...]	Prepend an element to a list, only if the list exists
LRANGE	4	r	1	1.0.0	key start stop	Get a range of elements from a list
LREM	4	w	1	1.0.0	key count element	Remove elements from a list
LSET	4	w	1	1.0.0	key index element	Set the value of an element in a list by its index
LTRIM	4	w	1	1.0.0	key start stop	Trim a list to the specified range
RPOP	-2	wf	1	1.0.0	key [count]	Remove and get the last elements in a list
RPOPLPUSH	3	w	1,2,1	1.2.0	source destination	Remove the last element in a list, prepend it to another list and return it
RPUSH	-3	wf	1	1.0.0	key element [element ...]	Append one or multiple elements to a list
RPUSHX	-3	wf	1	2.2.0	key element [element ...]	Append an element to a list, only if the list exists
@pubsub
PSUBSCRIBE	-2	np		2.0.0	pattern [pattern ...]	Listen for messages published to channels matching the given patterns
PUBLISH	3	fp		2.0.0	channel message	Post a message to a channel
PUBSUB	-2			2.8.0		A container for Pub/Sub commands
PUBSUB CHANNELS	-2	p		2.8.0	[pattern]	List active channels
PUBSUB NUMPAT	2	p		2.8.0		Get the count of unique patterns pattern subscriptions
PUBSUB NUMSUB	-2	p		2.8.0	[channel [channel ...]]	Get the count of subscribers for channels
PUBSUB SHARDCHANNELS	-2	p		7.0.0	[pattern]	List active shard channels
PUBSUB SHARDNUMSUB	-2	p		7.0.0	[shardchannel [shardchannel ...]]	Get the count of subscribers for shard channels
PUNSUBSCRIBE	-1	np		2.0.0	[pattern [pattern ...]]	Stop listening for messages posted to channels matching the given patterns
SPUBLISH	3	fp		7.0.0	shardchannel message	Post a message to a shard channel
SSUBSCRIBE	-2	np		7.0.0	shardchannel [shardchannel ...]	Listen for messages published to the given shard channels
SUBSCRIBE	-2	np		2.0.0	channel [channel ...]	Listen for messages published to the given channels
SUNSUBSCRIBE	-1	np		7.0.0	[shardchannel [shardchannel ...]]	Stop listening for messages posted to the given shard channels
UNSUBSCRIBE	-1	np		2.0.0	[channel [channel ...]]	Stop listening for messages posted to the given channels
@scripting
EVAL	-3	n	2/#0,1,1	2.6.0	script numkeys [key [key ...]] [arg [arg ...]]	Execute a Lua script server side
EVALSHA	-3	n	2/#0,1,1	2.6.0	sha1 numkeys [key [key ...]] [arg [arg ...]]	Execute a Lua script server side
EVALSHA_RO	-3	rn	2/#0,1,1	7.0.0	sha1 numkeys [key [key ...]] [arg [arg ...]]	Execute a read-only Lua script server side
EVAL_RO	-3	rn	2/#0,1,1	7.0.0	script numkeys [key [key ...]] [arg [arg ...]]	Execute a read-only Lua script server side
FCALL	-3	n	2/#0,1,1	7.0.0	function numkeys [key [key ...]] [arg [arg ...]]	Invoke a function
FCALL_RO	-3	rn	2/#0,1,1	7.0.0	function numkeys [key [key ...]] [arg [arg ...]]	Invoke a read-only function
FUNCTION	-2			7.0.0		A container for function commands
FUNCTION DELETE	3	wn		7.0.0	library-name	Delete a function by name
FUNCTION DUMP	2	n		7.0.0		Dump all functions into a serialized binary payload
FUNCTION FLUSH	-2	wnd		7.0.0	[ASYNC|SYNC]	Deleting all functions
FUNCTION KILL	2	n		7.0.0		Kill the function currently in execution
FUNCTION LIST	-2	n		7.0.0	[LIBRARYNAME library-name-pattern] [WITHCODE]	List information about all the functions
FUNCTION LOAD	-3	wn		7.0.0	[REPLACE] function-code	Create a function with the given arguments (name, code, description)
FUNCTION RESTORE	-3	wnd		7.0.0	serialized-value [FLUSH|APPEND|REPLACE]	Restore all the functions on the given payload
FUNCTION STATS	2	n		7.0.0		Return information about the function currently running (name, description, duration)
SCRIPT	-2			2.6.0		A container for Lua scripts management commands
SCRIPT DEBUG	3	n		3.2.0	<YES|SYNC|NO>	Set the debug mode for executed scripts
SCRIPT EXISTS	-3	n		2.6.0	sha1 [sha1 ...]	Check existence of scripts in the script cache
SCRIPT FLUSH	-2	nd		2.6.0	[ASYNC|SYNC]	Remove all the scripts from the script cache
SCRIPT KILL	2	n		2.6.0		Kill the script currently in execution
SCRIPT LOAD	3	n		2.6.0	script	Load the specified Lua script into the script cache
SCRIPT SHOW	3	n		Valkey 8.0.0	sha1	Get the text of a script that the server keeps
@search
FT.ADD	-1	w	2	RediSearch 1.0.0	index key score [...] FIELDS field value [field value ...]	Add a document to an index, in versions before 2.0
FT.AGGREGATE	-3	r		RediSearch 1.1.0	index query [LOAD count field [field ...]] [GROUPBY count property [...] [REDUCE function count arg [...]]] [SORTBY count property [ASC|DESC] [...]] [APPLY expression AS name] [LIMIT offset count] [FILTER expression] [WITHCURSOR] [PARAMS count name value [...]] [DIALECT dialect]	Search an index, then group, sort and compute with the results
FT.ALIASADD	3	w		RediSearch 1.0.0	alias index	Give an index another name
FT.ALIASDEL	2	w		RediSearch 1.0.0	alias	Take a name from an index
FT.ALIASLIST	2	r		8.10.0	index	List the other names of an index
FT.ALIASUPDATE	3	w		RediSearch 1.0.0	alias index	Give an index a name that another one may have
FT.ALTER	-6	w		RediSearch 1.0.0	index [SKIPINITIALSCAN] SCHEMA ADD field options	Add a field to an index
FT.CONFIG	-2	r		RediSearch 1.0.0		A container for the settings of the search module
FT.CONFIG GET	-3	r		RediSearch 1.0.0	option	Get settings of the search module
FT.CONFIG SET	-3	w		RediSearch 1.0.0	option value	Change a setting of the search module
FT.CREATE	-5	w		RediSearch 1.0.0	index [ON <HASH|JSON>] [PREFIX count prefix [prefix ...]] [FILTER expression] [LANGUAGE language] [SCORE score] [STOPWORDS count [word ...]] [...] SCHEMA field [AS name] type [SORTABLE] [NOINDEX] [...]	Create an index over hashes or JSON documents
FT.CURSOR	-2	r		RediSearch 1.0.0		A container for the cursors of FT.AGGREGATE
FT.CURSOR DEL	-4	r		RediSearch 1.1.0	index cursor-id	Delete a cursor
FT.CURSOR GC	-2	r		RediSearch 1.0.0		Delete cursors that were idle for too long
FT.CURSOR READ	-4	r		RediSearch 1.1.0	index cursor-id [COUNT read-size]	Read more results from a cursor
FT.DEL	-1	w	2	RediSearch 1.0.0	index key [DD]	Delete a document from an index, in versions before 2.0
FT.DICTADD	-3	w		RediSearch 1.4.0	dict term [term ...]	Add words to a dictionary
FT.DICTDEL	-3	w		RediSearch 1.4.0	dict term [term ...]	Delete words from a dictionary
FT.DICTDUMP	2	r		RediSearch 1.4.0	dict	List the words of a dictionary
FT.DROP	-1	wd		RediSearch 1.0.0	index [KEEPDOCS]	Delete an index and its documents, in versions before 2.0
FT.DROPINDEX	-2	wd		RediSearch 2.0.0	index [DD]	Delete an index, and its documents if asked to
FT.EXPLAIN	-3	r		RediSearch 1.0.0	index query [DIALECT dialect]	Tell how a query would be run
FT.EXPLAINCLI	-3	r		RediSearch 1.0.0	index query [DIALECT dialect]	Tell how a query would be run, a line at a time
FT.GET	-1	r	2	RediSearch 1.0.0	index key	Get a document of an index
FT.HYBRID	-7	r		8.4.4	index SEARCH query [...] VSIM field vector [...] [COMBINE method count [...]] [LIMIT offset count] [SORTBY field [ASC|DESC]] [PARAMS count name value [...]]	Search an index by text and by vectors, and combine the results
FT.INFO	2	r		RediSearch 1.0.0	index	Tell the settings and the size of an index
FT.MGET	-1	r	2,-1,1	RediSearch 1.0.0	index key [key ...]	Get several documents of an index
FT.PROFILE	-5	r		RediSearch 2.2.0	index <SEARCH|AGGREGATE|HYBRID> [LIMITED] QUERY query	Run a query and tell where it spends its time
FT.SAFEADD	-1	w	2	RediSearch 1.0.0	index key score [...] FIELDS field value [field value ...]	Add a document to an index unless it is there, in versions before 2.0
FT.SEARCH	-3	r		RediSearch 1.0.0	index query [NOCONTENT] [VERBATIM] [WITHSCORES] [FILTER field min max] [GEOFILTER field lon lat radius <m|km|mi|ft>] [INKEYS count key [...]] [INFIELDS count field [...]] [RETURN count field [...]] [SUMMARIZE] [HIGHLIGHT] [SORTBY field [ASC|DESC]] [LIMIT offset count] [PARAMS count name value [...]] [DIALECT dialect]	Search an index
FT.SPELLCHECK	-3	r		RediSearch 1.4.0	index query [DISTANCE distance] [TERMS <INCLUDE|EXCLUDE> dictionary [terms [terms ...]]] [DIALECT dialect]	Suggest words for misspelled ones in a query
FT.SUGADD	-4	w	1	RediSearch 1.0.0	key string score [INCR] [PAYLOAD payload]	Add a text to a dictionary of suggestions
FT.SUGDEL	3	w	1	RediSearch 1.0.0	key string	Delete a text from a dictionary of suggestions
FT.SUGGET	-3	r	1	RediSearch 1.0.0	key prefix [FUZZY] [WITHSCORES] [WITHPAYLOADS] [MAX max]	Get the suggestions for a prefix
FT.SUGLEN	2	r	1	RediSearch 1.0.0	key	Count the texts in a dictionary of suggestions
FT.SYNADD	-1	w		RediSearch 1.0.0	index term [term ...]	Add a group of synonyms to an index, in versions before 2.0
FT.SYNDUMP	2	r		RediSearch 1.2.0	index	List the synonyms of an index
FT.SYNUPDATE	-4	w		RediSearch 1.2.0	index synonym-group-id [SKIPINITIALSCAN] term [term ...]	Add words to a group of synonyms of an index
FT.TAGVALS	3	r		RediSearch 1.0.0	index field-name	List the tags in a field of an index
FT._ALIASADDIFNX	3	w		RediSearch 1.0.0	alias index	Give an index another name unless it is taken
FT._ALIASDELIFX	2	w		RediSearch 1.0.0	alias	Take a name from an index if it has it
FT._ALTERIFNX	-6	w		RediSearch 1.0.0	index [SKIPINITIALSCAN] SCHEMA ADD field options	Add a field to an index unless it has it
FT._CREATEIFNX	-5	w		RediSearch 1.0.0	index [ON <HASH|JSON>] [...] SCHEMA field type [...]	Create an index unless there is one of that name
FT._DROPIFX	-1	wd		RediSearch 1.0.0	index [KEEPDOCS]	Delete an index and its documents if there is one of that name
FT._DROPINDEXIFX	-2	wd		RediSearch 2.0.0	index [DD]	Delete an index if there is one of that name
FT._LIST	-1	r		RediSearch 2.0.0		List the indexes
@sentinel
SENTINEL	-2	a		2.8.4	subcommand [arg ...]	A container for the commands of Sentinel
@server
ACL	-2			6.0.0		A container for Access List Control commands 
ACL CAT	-2	n		6.0.0	[categoryname]	List the ACL categories or the commands inside a category
ACL DELUSER	-3	an		6.0.0	username [username ...]	Remove the specified ACL users and the associated rules
ACL DRYRUN	-4	an		7.0.0	username command [arg [arg ...]]	Returns whether the user can execute the given command without executing the command
ACL GENPASS	-2	n		6.0.0	[bits]	Generate a pseudorandom secure password to use for ACL users
ACL GETUSER	3	an		6.0.0	username	Get the rules for a specific ACL user
ACL LIST	2	an		6.0.0		List the current ACL rules in ACL config file format
ACL LOAD	2	an		6.0.0		Reload the ACLs from the configured ACL file
ACL LOG	-2	an		6.0.0	[count|RESET]	List latest events denied because of ACLs in place
ACL SAVE	2	an		6.0.0		Save the current ACL rules in the configured ACL file
ACL SETUSER	-3	an		6.0.0	username [rule [rule ...]]	Modify or create the rules for a specific ACL user
ACL USERS	2	an		6.0.0		List the username of all the configured ACL rules
ACL WHOAMI	2	n		6.0.0		Return the name of the user associated to the current connection
BACKUP	2			8.10.0		A container for the commands that make backups
BACKUP ABORT	2	an		8.10.0		Give up a backup that is not sealed yet
BACKUP CLEANUP	2	an		8.10.0		Delete the files of a sealed backup
BACKUP LIST	2	a		8.10.0		List the files that belong to the backup so far
BACKUP SEAL	2	an		8.10.0		End the backup: no file of it changes from then on
BACKUP START	2	an		8.10.0		Begin a backup
BACKUP STATUS	2	a		8.10.0		Tell how far the backup is
BGREWRITEAOF	1	an		1.0.0		Asynchronously rewrite the append-only file
BGSAVE	-1	an		1.0.0	[SCHEDULE]	Asynchronously save the dataset to disk
COMMAND	-1			2.8.13		Get array of Redis command details
COMMAND COUNT	2			2.8.13		Get total number of Redis commands
COMMAND DOCS	-2			7.0.0	[command-name [command-name ...]]	Get array of specific Redis command documentation
COMMAND GETKEYS	-4			2.8.13		Extract keys given a full Redis command
COMMAND GETKEYSANDFLAGS	-4			7.0.0		Extract keys and access flags given a full Redis command
COMMAND INFO	-2			2.8.13	[command-name [command-name ...]]	Get array of specific Redis command details, or all when no argument is given
COMMAND LIST	-2			7.0.0	[FILTERBY <MODULE module-name|ACLCAT category|PATTERN pattern>]	Get an array of Redis command names
COMMANDLOG	-2			Valkey 8.1.0		A container for the log of slow and large commands
COMMANDLOG GET	4	a		Valkey 8.1.0	count type	List entries of the log of slow and large commands
COMMANDLOG LEN	3	a		Valkey 8.1.0	type	Count the entries of the log of slow and large commands
COMMANDLOG RESET	3	a		Valkey 8.1.0	type	Empty the log of slow and large commands
CONFIG	-2			2.0.0		A container for server configuration commands
CONFIG GET	-3	an		2.0.0	parameter [parameter ...]	Get the values of configuration parameters
CONFIG RESETSTAT	2	an		2.0.0		Reset the stats returned by INFO
CONFIG REWRITE	2	an		2.8.0		Rewrite the configuration file with the in memory configuration
CONFIG SET	-4	an		2.0.0	parameter value [parameter value ...]	Set configuration parameters to the given values
DBSIZE	1	rf		1.0.0		Return the number of keys in the selected database
DEBUG	-2	an		1.0.0		A container for debugging commands
FAILOVER	-1	an		6.2.0	[TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]	Start a coordinated failover between this server and one of its replicas
FLUSHALL	-1	wd		1.0.0	[ASYNC|SYNC]	Remove all keys from all databases
FLUSHDB	-1	wd		1.0.0	[ASYNC|SYNC]	Remove all keys from the current database
HOTKEYS	-2			8.6.0		A container for the commands that watch for hot keys
HOTKEYS GET	2	an		8.6.0		Get the keys that were used most
HOTKEYS RESET	2	an		8.6.0		Forget what was found out about hot keys
HOTKEYS START	-2	an		8.6.0	METRICS count [CPU] [NET] [COUNT k] [DURATION seconds] [SAMPLE ratio] [SLOTS count slot [slot ...]]	Begin to watch which keys are used most
HOTKEYS STOP	2	an		8.6.0		End to watch which keys are used most
INFO	-1			1.0.0	[section [section ...]]	Get information and statistics about the server
LASTSAVE	1	f		1.0.0		Get the UNIX time stamp of the last successful save to disk
LATENCY	-2			2.8.13		A container for latency diagnostics commands
LATENCY DOCTOR	2	an		2.8.13		Return a human readable latency analysis report
LATENCY GRAPH	3	an		2.8.13	event	Return a latency graph for the event
LATENCY HISTOGRAM	-2	an		7.0.0	[command [command ...]]	Return the cumulative distribution of latencies of a subset of commands or all
LATENCY HISTORY	3	an		2.8.13	event	Return timestamp-latency samples for the event
LATENCY LATEST	2	an		2.8.13		Return the latest latency samples for all events
LATENCY RESET	-2	an		2.8.13	[event [event ...]]	Reset latency data for one or more events
LFENCE	1	r		KeyDB 6.3		Wait until earlier commands of this connection are visible to reads
LOLWUT	-1	rf		5.0.0	[VERSION version]	Display some computer art and the Redis version
MEMORY	-2			4.0.0		A container for memory diagnostics commands
MEMORY DOCTOR	2			4.0.0		Outputs memory problems report
MEMORY MALLOC-STATS	2			4.0.0		Show allocator internal stats
MEMORY PURGE	2			4.0.0		Ask the allocator to release memory
MEMORY STATS	2			4.0.0		Show memory usage details
MEMORY USAGE	-3	r	2	4.0.0	key [SAMPLES count]	Estimate the memory usage of a key
MODULE	-2			4.0.0		A container for module commands
MODULE LIST	2	an		4.0.0		List all modules loaded by the server
MODULE LOAD	-3	an		4.0.0	path [arg [arg ...]]	Load a module
MODULE LOADEX	-3	an		7.0.0	path [CONFIG name value [CONFIG name value ...]] [ARGS arg [arg ...]]	Load a module with extended parameters
MODULE UNLOAD	3	an		4.0.0	name	Unload a module
MONITOR	1	an		1.0.0		Listen for all requests received by the server in real time
PSYNC	-3	an		2.8.0	replicationid offset	Internal command used for replication
REPLCONF	-1	an		3.0.0		An internal command for configuring the replication stream
REPLICAOF	3	an		5.0.0	<host port|NO ONE>	Make the server a replica of another instance, or promote it as master
RESTORE-ASKING	-4	w	1	3.0.0	key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]	An internal command for migrating keys in a cluster
ROLE	1	fn		2.8.12		Return the role of the instance in the context of replication
RREPLAY	-3	A		KeyDB 5.0	uuid commands [db] [mvcc]	Run commands of another active replica
SAVE	1	an		1.0.0		Synchronously save the dataset to disk
SFLUSH	-3	wd		8.0.0	start-slot end-slot [start-slot end-slot ...] [ASYNC|SYNC]	Delete all keys of slots
SHUTDOWN	-1	an		1.0.0	[NOSAVE|SAVE] [NOW] [FORCE] [ABORT]	Synchronously save the dataset to disk and then shut down the server
SLAVEOF	3	an		1.0.0	<host port|NO ONE>	Make the server a replica of another instance, or promote it as master
SLOWLOG	-2			2.2.12		A container for slow log commands
SLOWLOG GET	-2	a		2.2.12	[count]	Get the slow log's entries
SLOWLOG LEN	2	a		2.2.12		Get the slow log's length
SLOWLOG RESET	2	a		2.2.12		Clear all entries from the slow log
SWAPDB	3	wfd		4.0.0	index1 index2	Swaps two Redis databases
SYNC	1	an		1.0.0		Internal command used for replication
TIME	1	f		2.6.0		Return the current server time
TRIMSLOTS	-5	wd		8.4.0	RANGES numranges startslot endslot [startslot endslot ...]	Delete the keys of slots
@set
SADD	-3	wf	1	1.0.0	key member [member ...]	Add one or more members to a set
SCARD	2	rf	1	1.0.0	key	Get the number of members in a set
SDIFF	-2	r	1,-1,1	1.0.0	key [key ...]	Subtract multiple sets
SDIFFCARD	-3	r	1/#0,1,1	8.10.0	numkeys key [key ...] [LIMIT limit]	Count the members that are in the first set and in no other
SDIFFSTORE	-3	w	1,-1,1	1.0.0	destination key [key ...]	Subtract multiple sets and store the resulting set in a key
SINTER	-2	r	1,-1,1	1.0.0	key [key ...]	Intersect multiple sets
SINTERCARD	-3	r	1/#0,1,1	7.0.0	numkeys key [key ...] [LIMIT limit]	Intersect multiple sets and return the cardinality of the result
SINTERSTORE	-3	w	1,-1,1	1.0.0	destination key [key ...]	Intersect multiple sets and store the resulting set in a key
SISMEMBER	3	rf	1	1.0.0	key member	Determine if a given value is a member of a set
SMEMBERS	2	r	1	1.0.0	key	Get all the members in a set
SMISMEMBER	-3	rf	1	6.2.0	key member [member ...]	Returns the membership associated with the given elements for a set
SMOVE	4	wf	1,2,1	1.0.0	source destination member	Move a member from one set to another
SPOP	-2	wf	1	1.0.0	key [count]	Remove and return one or multiple random members from a set
SRANDMEMBER	-2	r	1	1.0.0	key [count]	Get one or multiple random members from a set
SREM	-3	wf	1	1.0.0	key member [member ...]	Remove one or more members from a set
SSCAN	-3	r	1	2.8.0	key cursor [MATCH pattern] [COUNT count]	Incrementally iterate Set elements
SUNION	-2	r	1,-1,1	1.0.0	key [key ...]	Add multiple sets
SUNIONCARD	-3	r	1/#0,1,1	8.10.0	numkeys key [key ...] [APPROX] [LIMIT limit]	Count the members that are in any of the sets
SUNIONSTORE	-3	w	1,-1,1	1.0.0	destination key [key ...]	Add multiple sets and store the resulting set in a key
@sorted-set
BZMPOP	-5	wb	2/#0,1,1	7.0.0	timeout numkeys key [key ...] <MIN|MAX> [COUNT count]	Remove and return members with scores in a sorted set or block until one is available
BZPOPMAX	-3	wfbn	1,-2,1	5.0.0	key [key ...] timeout	Remove and return the member with the highest score from one or more sorted sets, or block until one is available
BZPOPMIN	-3	wfbn	1,-2,1	5.0.0	key [key ...] timeout	Remove and return the member with the lowest score from one or more sorted sets, or block until one is available
ZADD	-4	wf	1	1.2.0	key [NX|XX] [GT|LT] [CH] [INCR] score member [score member ...]	Add one or more members to a sorted set, or update its score if it already exists
ZCARD	2	rf	1	1.2.0	key	Get the number of members in a sorted set
ZCOUNT	4	rf	1	2.0.0	key min max	Count the members in a sorted set with scores within the given values
ZDIFF	-3	r	1/#0,1,1	6.2.0	numkeys key [key ...] [WITHSCORES]	Subtract multiple sorted sets
ZDIFFSTORE	-4	w	1/0,1,0+2/#0,1,1	6.2.0	destination numkeys key [key ...]	Subtract multiple sorted sets and store the resulting sorted set in a new key
ZINCRBY	4	wf	1	1.2.0	key increment member	Increment the score of a member in a sorted set
ZINTER	-3	r	1/#0,1,1	6.2.0	numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM|MIN|MAX|COUNT>] [WITHSCORES]	Get the intersection of sorted sets
ZINTERCARD	-3	r	1/#0,1,1	7.0.0	numkeys key [key ...] [LIMIT limit]	Intersect multiple sorted sets and return the cardinality of the result
ZINTERSTORE	-4	w	1/0,1,0+2/#0,1,1	2.0.0	destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM|MIN|MAX|COUNT>]	Store the intersection of sorted sets
ZLEXCOUNT	4	rf	1	2.8.9	key min max	Count the number of members in a sorted set between a given lexicographical range
ZMPOP	-4	w	1/#0,1,1	7.0.0	numkeys key [key ...] <MIN|MAX> [COUNT count]	Remove and return members with scores in a sorted set
ZMSCORE	-3	rf	1	6.2.0	key member [member ...]	Get the score associated with the given members in a sorted set
ZPOPMAX	-2	wf	1	5.0.0	key [count]	Remove and return members with the highest scores in a sorted set
ZPOPMIN	-2	wf	1	5.0.0	key [count]	Remove and return members with the lowest scores in a sorted set
ZRANDMEMBER	-2	r	1	6.2.0	key [count [WITHSCORES]]	Get one or multiple random elements from a sorted set
ZRANGE	-4	r	1	1.2.0	key start stop [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES]	Return a range of members in a sorted set
ZRANGEBYLEX	-4	r	1	2.8.9	key min max [LIMIT offset count]	Return a range of members in a sorted set, by lexicographical range
ZRANGEBYSCORE	-4	r	1	1.0.5	key min max [WITHSCORES] [LIMIT offset count]	Return a range of members in a sorted set, by score
ZRANGESTORE	-5	w	1,2,1	6.2.0	dst src min max [BYSCORE|BYLEX] [REV] [LIMIT offset count]	Store a range of members from sorted set into another key
ZRANK	-3	rf	1	2.0.0	key member [WITHSCORE]	Get the position of a member in a sorted set, the lowest score first
ZREM	-3	wf	1	1.2.0	key member [member ...]	Remove one or more members from a sorted set
ZREMRANGEBYLEX	4	w	1	2.8.9	key min max	Remove all members in a sorted set between the given lexicographical range
ZREMRANGEBYRANK	4	w	1	2.0.0	key start stop	Remove all members in a sorted set within the given indexes
ZREMRANGEBYSCORE	4	w	1	1.2.0	key min max	Remove all members in a sorted set within the given scores
ZREVRANGE	-4	r	1	1.2.0	key start stop [WITHSCORES]	Return a range of members in a sorted set, by index, with scores ordered from high to low
ZREVRANGEBYLEX	-4	r	1	2.8.9	key max min [LIMIT offset count]	Return a range of members in a sorted set, by lexicographical range, ordered from higher to lower strings
ZREVRANGEBYSCORE	-4	r	1	2.2.0	key max min [WITHSCORES] [LIMIT offset count]	Return a range of members in a sorted set, by score, with scores ordered from high to low
ZREVRANK	-3	rf	1	2.0.0	key member [WITHSCORE]	Get the position of a member in a sorted set, the highest score first
ZSCAN	-3	r	1	2.8.0	key cursor [MATCH pattern] [COUNT count]	Incrementally iterate sorted sets elements and associated scores
ZSCORE	3	rf	1	1.2.0	key member	Get the score associated with the given member in a sorted set
ZUNION	-3	r	1/#0,1,1	6.2.0	numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM|MIN|MAX|COUNT>] [WITHSCORES]	Get the union of sorted sets
ZUNIONSTORE	-4	w	1/0,1,0+2/#0,1,1	2.0.0	destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM|MIN|MAX|COUNT>]	Store the union of sorted sets
@stream
XACK	-4	wf	1	5.0.0	key group id [id ...]	Marks a pending message as correctly processed, effectively removing it from the pending entries list of the consumer group. Return value of the command is the number of messages successfully acknowledged, that is, the IDs we were actually able to resolve in the PEL
XACKDEL	-6	wf	1	8.2.0	key group [KEEPREF|DELREF|ACKED] IDS numids id [id ...]	Acknowledge entries of a consumer group and delete them
XADD	-5	wf	1	5.0.0	key [NOMKSTREAM] [KEEPREF|DELREF|ACKED] [IDMPAUTO pid|IDMP pid iid] [<MAXLEN|MINID> [=|~] threshold [LIMIT count]] <*|id> field value [field value ...]	Append an entry to a stream
XAUTOCLAIM	-6	wf	1	6.2.0	key group consumer min-idle-time start [COUNT count] [JUSTID]	Changes (or acquires) ownership of messages in a consumer group, as if the messages were delivered to the specified consumer
XCFGSET	-2	wf	1	8.6.0	key [IDMP-DURATION idmp-duration] [IDMP-MAXSIZE idmp-maxsize]	Set how long a stream keeps ids of producers, and how many
XCLAIM	-6	wf	1	5.0.0	key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-ms] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID id]	Changes (or acquires) ownership of a message in a consumer group, as if the message was delivered to the specified consumer
XDEL	-3	wf	1	5.0.0	key id [id ...]	Removes the specified entries from the stream. Returns the number of items actually deleted, that may be different from the number of IDs passed in case certain IDs do not exist
XDELEX	-5	wf	1	8.2.0	key [KEEPREF|DELREF|ACKED] IDS numids id [id ...]	Delete entries of a stream, and decide what becomes of references to them
XGROUP	-2			5.0.0		A container for consumer groups commands
XGROUP CREATE	-5	w	2	5.0.0	key groupname <id|$> [MKSTREAM] [ENTRIESREAD entries-read]	Create a consumer group
XGROUP CREATECONSUMER	5	w	2	6.2.0	key groupname consumername	Create a consumer in a consumer group
XGROUP DELCONSUMER	5	w	2	5.0.0	key groupname consumername	Delete a consumer from a consumer group
XGROUP DESTROY	4	w	2	5.0.0	key groupname	Destroy a consumer group
XGROUP SETID	-5	w	2	5.0.0	key groupname <id|$> [ENTRIESREAD entries-read]	Set a consumer group to an arbitrary last delivered ID value
XIDMPRECORD	5	wf	1	8.6.2	key pid iid stream-id	Note which producer added an entry of a stream: a command of servers for their files
XINFO	-2			5.0.0		A container for stream introspection commands
XINFO CONSUMERS	4	r	2	5.0.0	key groupname	List the consumers in a consumer group
XINFO GROUPS	3	r	2	5.0.0	key	List the consumer groups of a stream
XINFO STREAM	-3	r	2	5.0.0	key [FULL [COUNT count]]	Get information about a stream
XLEN	2	rf	1	5.0.0	key	Return the number of entries in a stream
XNACK	-7	wf	1	8.8.0	key group <SILENT|FAIL|FATAL> IDS numids id [id ...] [RETRYCOUNT count] [FORCE]	Give entries back to their consumer group without an acknowledgement
XPENDING	-3	r	1	5.0.0	key group [[IDLE min-idle-time] start end count [consumer]]	Return information and entries from a stream consumer group pending entries list, that are messages fetched but never acknowledged
XRANGE	-4	r	1	5.0.0	key start end [COUNT count]	Return a range of elements in a stream, with IDs matching the specified IDs interval
XREAD	-4	rb	STREAMS@1/-1,1,2	5.0.0	[COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]	Get entries behind given ids from streams, or wait for some
XREADGROUP	-7	wb	STREAMS@4/-1,1,2	5.0.0	GROUP group consumer [COUNT count] [MAXCOUNT maxcount] [MAXSIZE maxsize] [BLOCK milliseconds] [CLAIM min-idle-time] [NOACK] STREAMS key [key ...] id [id ...]	Get entries of streams for a consumer of a group, or wait for some
XREVRANGE	-4	r	1	5.0.0	key end start [COUNT count]	Return a range of elements in a stream, with IDs matching the specified IDs interval, in reverse order (from greater to smaller IDs) compared to XRANGE
XSETID	-3	wf	1	5.0.0	key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-entry-id]	An internal command for replicating stream values
XTRIM	-4	w	1	5.0.0	key <MAXLEN|MINID> [=|~] threshold [LIMIT count] [KEEPREF|DELREF|ACKED]	Delete old entries of a stream
@string
APPEND	3	wf	1	2.0.0	key value	Append a value to a key
DECR	2	wf	1	1.0.0	key	Decrement the integer value of a key by one
DECRBY	3	wf	1	1.0.0	key decrement	Decrement the integer value of a key by the given number
DELEX	-2	wf	1	8.4.0	key [IFEQ ifeq-value|IFNE ifne-value|IFDEQ ifdeq-digest|IFDNE ifdne-digest]	Delete a key if its value or its digest is, or is not, a given one
DELIFEQ	3	w	1	Valkey 9.0.0	key value	Delete a key if it has a given value
DIGEST	2	rf	1	8.4.0	key	Get the XXH3 digest of a string
GCRA	-5	w	1	8.8.0	key max-burst tokens-per-period period [TOKENS count]	Decide by a rate limit whether a request may pass
GCRASETVALUE	3	w	1	8.8.0	key time	Set the state of a rate limit: a command of servers for their files
GET	2	rf	1	1.0.0	key	Get the value of a key
GETDEL	2	wf	1	6.2.0	key	Get the value of a key and delete the key
GETEX	-2	wf	1	6.2.0	key [EX seconds|PX milliseconds|EXAT unix-time|PXAT unix-time-ms|PERSIST]	Get the value of a key and optionally set its expiration
GETRANGE	4	r	1	2.4.0	key start end	Get a substring of the string stored at a key
GETSET	3	wf	1	1.0.0	key value	Set the string value of a key and return its old value
INCR	2	wf	1	1.0.0	key	Increment the integer value of a key by one
INCRBY	3	wf	1	1.0.0	key increment	Increment the integer value of a key by the given amount
INCRBYFLOAT	3	wf	1	2.6.0	key increment	Increment the float value of a key by the given amount
INCREX	-2	wf	1	8.8.0	key [BYFLOAT float|BYINT integer] [SATURATE] [LBOUND lowerbound] [UBOUND upperbound] [EX seconds|PX milliseconds|EXAT unix-time|PXAT unix-time-ms|PERSIST] [ENX]	Add to a number and set when it expires
LCS	-3	r	1,2,1	7.0.0	key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]	Find longest common substring
MGET	-2	rf	1,-1,1	1.0.0	key [key ...]	Get the values of all the given keys
MSET	-3	w	1,-1,2	1.0.1	key value [key value ...]	Set multiple keys to multiple values
MSETEX	-4	w	1/#0,1,2	8.4.0	numkeys key value [key value ...] [NX|XX] [EX seconds|PX milliseconds|EXAT unix-time|PXAT unix-time-ms|KEEPTTL]	Set several keys, and when they expire
MSETNX	-3	w	1,-1,2	1.0.1	key value [key value ...]	Set multiple keys to multiple values, only if none of the keys exist
PSETEX	4	w	1	2.6.0	key milliseconds value	Set the value and expiration in milliseconds of a key
SET	-3	w	1	1.0.0	key value [NX|XX|IFEQ ifeq-value|IFNE ifne-value|IFDEQ ifdeq-digest|IFDNE ifdne-digest] [GET] [EX seconds|PX milliseconds|EXAT unix-time|PXAT unix-time-ms|KEEPTTL]	Set the string value of a key
SETEX	4	w	1	2.0.0	key seconds value	Set the value and expiration of a key
SETNX	3	wf	1	1.0.0	key value	Set the value of a key, only if the key does not exist
SETRANGE	4	w	1	2.2.0	key offset value	Overwrite part of a string at key starting at the specified offset
STRALGO	-2	r		6.0.0	LCS <KEYS key1 key2|STRINGS string1 string2> [LEN] [IDX] [MINMATCHLEN length] [WITHMATCHLEN]	Compare two strings: find what they have in common
STRLEN	2	rf	1	2.2.0	key	Get the length of the value stored in a key
SUBSTR	4	r	1	1.0.0	key start end	Get a substring of the string stored at a key
@t-digest
TDIGEST.ADD	-3	w	1	RedisBloom 2.4.0	key value [value ...]	Add observations to a t-digest
TDIGEST.BYRANK	-3	r	1	RedisBloom 2.4.0	key rank [rank ...]	Estimate the values of ranks from a t-digest
TDIGEST.BYREVRANK	-3	r	1	RedisBloom 2.4.0	key reverse-rank [reverse-rank ...]	Estimate the values of ranks from a t-digest, the largest first
TDIGEST.CDF	-3	r	1	RedisBloom 2.4.0	key value [value ...]	Estimate which part of the observations lies below values
TDIGEST.CREATE	-2	w	1	RedisBloom 2.4.0	key [COMPRESSION compression]	Create an empty t-digest
TDIGEST.INFO	2	r	1	RedisBloom 2.4.0	key	Tell the size and the settings of a t-digest
TDIGEST.MAX	2	r	1	RedisBloom 2.4.0	key	Get the largest observation of a t-digest
TDIGEST.MERGE	-4	w	1/0,1,0+2/#0,1,1	RedisBloom 2.4.0	destination-key numkeys source-key [source-key ...] [COMPRESSION compression] [OVERRIDE]	Merge several t-digests into one
TDIGEST.MIN	2	r	1	RedisBloom 2.4.0	key	Get the smallest observation of a t-digest
TDIGEST.QUANTILE	-3	r	1	RedisBloom 2.4.0	key quantile [quantile ...]	Estimate the values of quantiles from a t-digest
TDIGEST.RANK	-3	r	1	RedisBloom 2.4.0	key value [value ...]	Estimate the ranks of values in a t-digest
TDIGEST.RESET	2	w	1	RedisBloom 2.4.0	key	Empty a t-digest
TDIGEST.REVRANK	-3	r	1	RedisBloom 2.4.0	key value [value ...]	Estimate the ranks of values in a t-digest, the largest first
TDIGEST.TRIMMED_MEAN	4	r	1	RedisBloom 2.4.0	key low-cut-quantile high-cut-quantile	Estimate the mean of a t-digest between two quantiles
@time-series
TS.ADD	-4	w	1	RedisTimeSeries 1.0.0	key timestamp value [RETENTION ms] [ENCODING <COMPRESSED|UNCOMPRESSED>] [CHUNK_SIZE bytes] [DUPLICATE_POLICY policy] [ON_DUPLICATE policy] [IGNORE max-time-diff max-value-diff] [LABELS [label value ...]]	Append a sample to a time series that is created if need be
TS.ALTER	-2	w	1	RedisTimeSeries 1.0.0	key [RETENTION ms] [CHUNK_SIZE bytes] [DUPLICATE_POLICY policy] [IGNORE max-time-diff max-value-diff] [LABELS [label value ...]]	Change the settings and the labels of a time series
TS.CREATE	-2	w	1	RedisTimeSeries 1.0.0	key [RETENTION ms] [ENCODING <COMPRESSED|UNCOMPRESSED>] [CHUNK_SIZE bytes] [DUPLICATE_POLICY policy] [IGNORE max-time-diff max-value-diff] [LABELS [label value ...]]	Create a time series
TS.CREATERULE	-5	wf	1,2,1	RedisTimeSeries 1.0.0	source destination AGGREGATION aggregator bucket-duration [align-timestamp]	Let a time series be filled with aggregates of another one
TS.DECRBY	-3	w	1	RedisTimeSeries 1.0.0	key subtrahend [TIMESTAMP timestamp] [RETENTION ms] [ENCODING <COMPRESSED|UNCOMPRESSED>] [CHUNK_SIZE bytes] [DUPLICATE_POLICY policy] [IGNORE max-time-diff max-value-diff] [LABELS [label value ...]]	Append a sample that is lower than the last one by a number
TS.DEL	4	w	1	RedisTimeSeries 1.6.0	key from to	Delete the samples of a time series between two times
TS.DELETERULE	3	w	1,2,1	RedisTimeSeries 1.0.0	source destination	Delete a rule between two time series
TS.GET	-2	r	1	RedisTimeSeries 1.0.0	key [LATEST]	Get the last sample of a time series
TS.INCRBY	-3	w	1	RedisTimeSeries 1.0.0	key addend [TIMESTAMP timestamp] [RETENTION ms] [ENCODING <COMPRESSED|UNCOMPRESSED>] [CHUNK_SIZE bytes] [DUPLICATE_POLICY policy] [IGNORE max-time-diff max-value-diff] [LABELS [label value ...]]	Append a sample that is higher than the last one by a number
TS.INFO	-2	r	1	RedisTimeSeries 1.0.0	key [DEBUG]	Tell the size, the settings and the rules of a time series
TS.MADD	-4	w	1,-1,3	RedisTimeSeries 1.0.0	key timestamp value [key timestamp value ...]	Append samples to one or more time series
TS.MGET	-3	r		RedisTimeSeries 1.0.0	[LATEST] [WITHLABELS|SELECTED_LABELS label [label ...]] FILTER filterexpr [filterexpr ...]	Get the last samples of the time series whose labels match
TS.MRANGE	-4	r		RedisTimeSeries 1.0.0	from to [LATEST] [FILTER_BY_TS timestamp [...]] [FILTER_BY_VALUE min max] [WITHLABELS|SELECTED_LABELS label [...]] [COUNT count] [[ALIGN value] AGGREGATION aggregator bucket-duration [EMPTY]] FILTER expression [expression ...] [GROUPBY label REDUCE reducer]	Get the samples between two times of the time series whose labels match
TS.MREVRANGE	-4	r		RedisTimeSeries 1.4.0	from to [LATEST] [FILTER_BY_TS timestamp [...]] [FILTER_BY_VALUE min max] [WITHLABELS|SELECTED_LABELS label [...]] [COUNT count] [[ALIGN value] AGGREGATION aggregator bucket-duration [EMPTY]] FILTER expression [expression ...] [GROUPBY label REDUCE reducer]	Get the samples between two times of the time series whose labels match, the last first
TS.NRANGE	-5	r	1/#0,1,1	8.10.0	numkeys key [key ...] from to [...]	Get the samples between two times of several time series, a row for each time
TS.NREVRANGE	-5	r	1/#0,1,1	8.10.0	numkeys key [key ...] from to [...]	Get the samples between two times of several time series, the last first
TS.QUERYINDEX	-2	r		RedisTimeSeries 1.0.0	filterexpr [filterexpr ...]	List the time series whose labels match
TS.QUERYLABELS	-2	r		8.10.0	<LABELS|VALUES label> [FILTER filterexpr [filterexpr ...]]	List labels, or the values of a label, of time series
TS.RANGE	-4	r	1	RedisTimeSeries 1.0.0	key from to [LATEST] [FILTER_BY_TS timestamp [...]] [FILTER_BY_VALUE min max] [COUNT count] [[ALIGN value] AGGREGATION aggregator bucket-duration [EMPTY]]	Get the samples of a time series between two times
TS.READ	-3	r	1	8.10.0	key timestamp [BLOCK milliseconds min-count] [MAX_COUNT count]	Get samples of a time series from a time on, or wait for some
TS.REVRANGE	-4	r	1	RedisTimeSeries 1.4.0	key from to [LATEST] [FILTER_BY_TS timestamp [...]] [FILTER_BY_VALUE min max] [COUNT count] [[ALIGN value] AGGREGATION aggregator bucket-duration [EMPTY]]	Get the samples of a time series between two times, the last first
@top-k
TOPK.ADD	-3	w	1	RedisBloom 2.0.0	key item [item ...]	Count items in a top-k list
TOPK.COUNT	-3	r	1	RedisBloom 2.0.0	key item [item ...]	Estimate the counts of items in a top-k list
TOPK.INCRBY	-4	w	1	RedisBloom 2.0.0	key item increment [item increment ...]	Raise the counts of items in a top-k list
TOPK.INFO	2	r	1	RedisBloom 2.0.0	key	Tell the settings of a top-k list
TOPK.LIST	-2	r	1	RedisBloom 2.0.0	key [WITHCOUNT]	List the items of a top-k list
TOPK.QUERY	-3	r	1	RedisBloom 2.0.0	key item [item ...]	Tell whether items are in a top-k list
TOPK.RESERVE	-3	w	1	RedisBloom 2.0.0	key topk [width depth decay]	Create an empty top-k list
@transactions
DISCARD	1	fn		2.0.0		Discard all commands issued after MULTI
EXEC	1	n		1.2.0		Execute all commands issued after MULTI
MULTI	1	fn		1.2.0		Mark the start of a transaction block
UNWATCH	1	fn		2.2.0		Forget about all watched keys
WATCH	-2	fn	1,-1,1	2.2.0	key [key ...]	Watch the given keys to determine execution of the MULTI/EXEC block
@vector-set
VADD	-5	w	1	8.0.0	key [REDUCE dim] <FP32|VALUES> vector element [CAS] [NOQUANT|BIN|Q8] [EF build-exploration-factor] [SETATTR attributes] [M numlinks]	Add an element with its vector to a vector set, or change its vector
VCARD	2	rf	1	8.0.0	key	Count the elements of a vector set
VDIM	2	rf	1	8.0.0	key	Get the dimension of the vectors in a vector set
VEMB	-3	rf	1	8.0.0	key element [RAW]	Get the vector of an element
VGETATTR	3	rf	1	8.0.0	key element	Get the attributes of an element as JSON
VINFO	2	rf	1	8.0.0	key	Tell the size and the settings of a vector set
VISMEMBER	3	r	1	8.2.0	key element	Tell whether an element is in a vector set
VLINKS	-3	rf	1	8.0.0	key element [WITHSCORES]	Get the neighbours of an element in each layer of the graph
VRANDMEMBER	-2	r	1	8.0.0	key [count]	Get random elements of a vector set
VRANGE	-4	r	1	8.4.0	key start end [count]	Get the elements of a vector set between two names
VREM	3	w	1	8.0.0	key element	Remove an element from a vector set
VSETATTR	4	wf	1	8.0.0	key element json	Set the attributes of an element as JSON, or remove them
VSIM	-4	r	1	8.0.0	key <ELE|FP32|VALUES> vector-or-element [WITHSCORES] [WITHATTRIBS] [COUNT count] [EPSILON max-distance] [EF search-exploration-factor] [FILTER expression] [FILTER-EF max-filtering-effort] [TRUTH] [NOTHREAD]	Get the elements that are most similar to a vector or to an element`;
