/**
 * What is known of each command, as text: written by `npm run command-table`, not by hand.
 *
 * A line `@family` begins a family of the documentation. Another line has seven fields: name (with its subcommand),
 * arity as COMMAND counts it, flags, keys, since, syntax, summary.
 * Flags: w write, r readonly, a admin, f fast, b blocking, n noscript, p pubsub; d reaches beyond the keys it names.
 * A capital puts the command into a group of AOFs other than its flags tell: A admin, R read, S script, W write.
 * Keys: `first,last,step` as COMMAND counts them, or specifications joined by +: `begin/last,step,limit` and
 * `begin/#count,first,step`, where begin is a position or `KEYWORD@from`; or ! with the name of a function.
 */
export const COMMAND_DATA = `@bitmap
BITCOUNT	-2	r	1,1,1	2.6.0	key [start end [BYTE|BIT]]	Count set bits in a string
BITFIELD	-2	w	1,1,1	3.2.0	key [<GET encoding offset|[OVERFLOW <WRAP|SAT|FAIL>] <SET encoding offset value|INCRBY encoding offset increment>> [...]]	Perform arbitrary bitfield integer operations on strings
BITFIELD_RO	-2	rf	1,1,1	6.0.0	key [GET encoding offset [GET encoding offset ...]]	Perform arbitrary bitfield integer operations on strings. Read-only variant of BITFIELD
BITOP	-4	w	2,-1,1	2.6.0	operation destkey key [key ...]	Perform bitwise operations between strings
BITPOS	-3	r	1,1,1	2.8.7	key bit [start [end [BYTE|BIT]]]	Find first bit set or clear in a string
GETBIT	3	rf	1,1,1	2.2.0	key offset	Returns the bit value at offset in the string value stored at key
SETBIT	4	w	1,1,1	2.2.0	key offset value	Sets or clears the bit at offset in the string value stored at key
@cluster
ASKING	1	f		3.0.0		Sent by cluster clients after an -ASK redirect
CLUSTER	-2			3.0.0		A container for cluster commands
CLUSTER ADDSLOTS	-3	a		3.0.0	slot [slot ...]	Assign new hash slots to receiving node
CLUSTER ADDSLOTSRANGE	-4	a		7.0.0	start-slot end-slot [start-slot end-slot ...]	Assign new hash slots to receiving node
CLUSTER BUMPEPOCH	2	a		3.0.0		Advance the cluster config epoch
CLUSTER COUNT-FAILURE-REPORTS	3	a		3.0.0	node-id	Return the number of failure reports active for a given node
CLUSTER COUNTKEYSINSLOT	3			3.0.0	slot	Return the number of local keys in the specified hash slot
CLUSTER DELSLOTS	-3	a		3.0.0	slot [slot ...]	Set hash slots as unbound in receiving node
CLUSTER DELSLOTSRANGE	-4	a		7.0.0	start-slot end-slot [start-slot end-slot ...]	Set hash slots as unbound in receiving node
CLUSTER FAILOVER	-2	a		3.0.0	[FORCE|TAKEOVER]	Forces a replica to perform a manual failover of its master
CLUSTER FLUSHSLOTS	2	a		3.0.0		Delete a node's own slots information
CLUSTER FORGET	3	a		3.0.0	node-id	Remove a node from the nodes table
CLUSTER GETKEYSINSLOT	4			3.0.0	slot count	Return local key names in the specified hash slot
CLUSTER INFO	2			3.0.0		Provides info about Redis Cluster node state
CLUSTER KEYSLOT	3			3.0.0	key	Returns the hash slot of the specified key
CLUSTER LINKS	2			7.0.0		Returns a list of all TCP links to and from peer nodes in cluster
CLUSTER MEET	-4	a		3.0.0	ip port [cluster-bus-port]	Force a node cluster to handshake with another node
CLUSTER MYID	2			3.0.0		Return the node id
CLUSTER NODES	2			3.0.0		Get Cluster config for the node
CLUSTER REPLICAS	3	a		5.0.0	node-id	List replica nodes of the specified master node
CLUSTER REPLICATE	3	a		3.0.0	node-id	Reconfigure a node as a replica of the specified master node
CLUSTER RESET	-2	an		3.0.0	[HARD|SOFT]	Reset a Redis Cluster node
CLUSTER SAVECONFIG	2	a		3.0.0		Forces the node to save cluster state on disk
CLUSTER SET-CONFIG-EPOCH	3	a		3.0.0	config-epoch	Set the configuration epoch in a new node
CLUSTER SETSLOT	-4	a		3.0.0	slot <IMPORTING node-id|MIGRATING node-id|NODE node-id|STABLE>	Bind a hash slot to a specific node
CLUSTER SHARDS	2			7.0.0		Get array of cluster slots to node mappings
CLUSTER SLAVES	3	a		3.0.0	node-id	List replica nodes of the specified master node
CLUSTER SLOTS	2			3.0.0		Get array of Cluster slot to node mappings
READONLY	1	f		3.0.0		Enables read queries for a connection to a cluster replica node
READWRITE	1	f		3.0.0		Disables read queries for a connection to a cluster replica node
@connection
AUTH	-2	fn		1.0.0	[username] password	Authenticate to the server
CLIENT	-2			2.4.0		A container for client connection commands
CLIENT CACHING	3	n		6.0.0	<YES|NO>	Instruct the server about tracking or not keys in the next request
CLIENT GETNAME	2	n		2.6.9		Get the current connection name
CLIENT GETREDIR	2	n		6.0.0		Get tracking notifications redirection client ID if any
CLIENT ID	2	n		5.0.0		Returns the client ID for the current connection
CLIENT INFO	2	n		6.2.0		Returns information about the current client connection
CLIENT KILL	-3	an		2.4.0	<ip:port|<ID client-id|TYPE <NORMAL|MASTER|SLAVE|REPLICA|PUBSUB>|USER username|ADDR ip:port|LADDR ip:port|SKIPME yes/no> [...]>	Kill the connection of a client
CLIENT LIST	-2	an		2.4.0	[TYPE <NORMAL|MASTER|REPLICA|PUBSUB>] [ID client-id [client-id ...]]	Get the list of client connections
CLIENT NO-EVICT	3	an		7.0.0	<ON|OFF>	Set client eviction mode for the current connection
CLIENT PAUSE	-3	an		2.9.50	timeout [WRITE|ALL]	Stop processing commands from clients for some time
CLIENT REPLY	3	n		3.2.0	<ON|OFF|SKIP>	Instruct the server whether to reply to commands
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
@generic
COPY	-3	w	1,2,1	6.2.0	source destination [DB destination-db] [REPLACE]	Copy a key
DEL	-2	w	1,-1,1	1.0.0	key [key ...]	Delete a key
DUMP	2	r	1,1,1	2.6.0	key	Return a serialized version of the value stored at the specified key
EXISTS	-2	rf	1,-1,1	1.0.0	key [key ...]	Determine if a key exists
EXPIRE	-3	wf	1,1,1	1.0.0	key seconds [NX|XX|GT|LT]	Set a key's time to live in seconds
EXPIREAT	-3	wf	1,1,1	1.2.0	key unix-time-seconds [NX|XX|GT|LT]	Set the expiration for a key as a UNIX timestamp
EXPIRETIME	2	rf	1,1,1	7.0.0	key	Get the expiration Unix timestamp for a key
KEYS	2	r		1.0.0	pattern	Find all keys matching the given pattern
MIGRATE	-6	w	!migrate	2.6.0	host port <key|""> destination-db timeout [COPY] [REPLACE] [AUTH password|AUTH2 username password] [KEYS key [key ...]]	Atomically transfer a key from a Redis instance to another one
MOVE	3	wf	1,1,1	1.0.0	key db	Move a key to another database
OBJECT	-2			2.2.3		A container for object introspection commands
OBJECT ENCODING	3	r	2,2,1	2.2.3	key	Inspect the internal encoding of a Redis object
OBJECT FREQ	3	r	2,2,1	4.0.0	key	Get the logarithmic access frequency counter of a Redis object
OBJECT IDLETIME	3	r	2,2,1	2.2.3	key	Get the time since a Redis object was last accessed
OBJECT REFCOUNT	3	r	2,2,1	2.2.3	key	Get the number of references to the value of the key
PERSIST	2	wf	1,1,1	2.2.0	key	Remove the expiration from a key
PEXPIRE	-3	wf	1,1,1	2.6.0	key milliseconds [NX|XX|GT|LT]	Set a key's time to live in milliseconds
PEXPIREAT	-3	wf	1,1,1	2.6.0	key unix-time-milliseconds [NX|XX|GT|LT]	Set the expiration for a key as a UNIX timestamp specified in milliseconds
PEXPIRETIME	2	rf	1,1,1	7.0.0	key	Get the expiration Unix timestamp for a key in milliseconds
PTTL	2	rf	1,1,1	2.6.0	key	Get the time to live for a key in milliseconds
RANDOMKEY	1	r		1.0.0		Return a random key from the keyspace
RENAME	3	w	1,2,1	1.0.0	key newkey	Rename a key
RENAMENX	3	wf	1,2,1	1.0.0	key newkey	Rename a key, only if the new key does not exist
RESTORE	-4	w	1,1,1	2.6.0	key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]	Create a key using the provided serialized value, previously obtained using DUMP
SCAN	-2	r		2.8.0	cursor [MATCH pattern] [COUNT count] [TYPE type]	Incrementally iterate the keys space
SORT	-2	w	!sort	1.0.0	key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC|DESC] [ALPHA] [STORE destination]	Sort the elements in a list, set or sorted set
SORT_RO	-2	r	!sort	7.0.0	key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC|DESC] [ALPHA]	Sort the elements in a list, set or sorted set. Read-only variant of SORT
TOUCH	-2	rf	1,-1,1	3.2.1	key [key ...]	Alters the last access time of a key(s). Returns the number of existing keys specified
TTL	2	rf	1,1,1	1.0.0	key	Get the time to live for a key in seconds
TYPE	2	rf	1,1,1	1.0.0	key	Determine the type stored at key
UNLINK	-2	wf	1,-1,1	4.0.0	key [key ...]	Delete a key asynchronously in another thread. Otherwise it is just as DEL, but non blocking
WAIT	3	n		3.0.0	numreplicas timeout	Wait for the synchronous replication of all the write commands sent in the context of the current connection
@geo
GEOADD	-5	w	1,1,1	3.2.0	key [NX|XX] [CH] longitude latitude member [longitude latitude member ...]	Add one or more geospatial items in the geospatial index represented using a sorted set
GEODIST	-4	r	1,1,1	3.2.0	key member1 member2 [M|KM|FT|MI]	Returns the distance between two members of a geospatial index
GEOHASH	-2	r	1,1,1	3.2.0	key member [member ...]	Returns members of a geospatial index as standard geohash strings
GEOPOS	-2	r	1,1,1	3.2.0	key member [member ...]	Returns longitude and latitude of members of a geospatial index
GEORADIUS	-6	w	!store	3.2.0	key longitude latitude radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC] [STORE key] [STOREDIST key]	Query a sorted set representing a geospatial index to fetch members matching a given maximum distance from a point
GEORADIUSBYMEMBER	-5	w	!store	3.2.0	key member radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC] [STORE key] [STOREDIST key]	Query a sorted set representing a geospatial index to fetch members matching a given maximum distance from a member
GEORADIUSBYMEMBER_RO	-5	r	1,1,1	3.2.10	key member radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC]	A read-only variant for GEORADIUSBYMEMBER
GEORADIUS_RO	-6	r	1,1,1	3.2.10	key longitude latitude radius <M|KM|FT|MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC]	A read-only variant for GEORADIUS
GEOSEARCH	-7	r	1,1,1	6.2.0	key <FROMMEMBER member|FROMLONLAT longitude latitude> <BYRADIUS radius <M|KM|FT|MI>|BYBOX width height <M|KM|FT|MI>> [ASC|DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]	Query a sorted set representing a geospatial index to fetch members inside an area of a box or a circle
GEOSEARCHSTORE	-8	w	1,2,1	6.2.0	destination source <FROMMEMBER member|FROMLONLAT longitude latitude> <BYRADIUS radius <M|KM|FT|MI>|BYBOX width height <M|KM|FT|MI>> [ASC|DESC] [COUNT count [ANY]] [STOREDIST]	Query a sorted set representing a geospatial index to fetch members inside an area of a box or a circle, and store the result in another key
@hash
HDEL	-3	wf	1,1,1	2.0.0	key field [field ...]	Delete one or more hash fields
HEXISTS	3	rf	1,1,1	2.0.0	key field	Determine if a hash field exists
HGET	3	rf	1,1,1	2.0.0	key field	Get the value of a hash field
HGETALL	2	r	1,1,1	2.0.0	key	Get all the fields and values in a hash
HINCRBY	4	wf	1,1,1	2.0.0	key field increment	Increment the integer value of a hash field by the given number
HINCRBYFLOAT	4	wf	1,1,1	2.6.0	key field increment	Increment the float value of a hash field by the given amount
HKEYS	2	r	1,1,1	2.0.0	key	Get all the fields in a hash
HLEN	2	rf	1,1,1	2.0.0	key	Get the number of fields in a hash
HMGET	-3	rf	1,1,1	2.0.0	key field [field ...]	Get the values of all the given hash fields
HMSET	-4	wf	1,1,1	2.0.0	key field value [field value ...]	Set multiple hash fields to multiple values
HRANDFIELD	-2	r	1,1,1	6.2.0	key [count [WITHVALUES]]	Get one or multiple random fields from a hash
HSCAN	-3	r	1,1,1	2.8.0	key cursor [MATCH pattern] [COUNT count]	Incrementally iterate hash fields and associated values
HSET	-4	wf	1,1,1	2.0.0	key field value [field value ...]	Set the string value of a hash field
HSETNX	4	wf	1,1,1	2.0.0	key field value	Set the value of a hash field, only if the field does not exist
HSTRLEN	3	rf	1,1,1	3.2.0	key field	Get the length of the value of a hash field
HVALS	2	r	1,1,1	2.0.0	key	Get all the values in a hash
@hyperloglog
PFADD	-2	wf	1,1,1	2.8.9	key [element [element ...]]	Adds the specified elements to the specified HyperLogLog
PFCOUNT	-2	r	1,-1,1	2.8.9	key [key ...]	Return the approximated cardinality of the set(s) observed by the HyperLogLog at key(s)
PFDEBUG	3	wa	2,2,1	2.8.9	subcommand key	Internal commands for debugging HyperLogLog values
PFMERGE	-2	w	1,-1,1	2.8.9	destkey sourcekey [sourcekey ...]	Merge N different HyperLogLogs into a single one
PFSELFTEST	1	a		2.8.9		An internal command for testing HyperLogLog values
@list
BLMOVE	6	wbn	1,2,1	6.2.0	source destination <LEFT|RIGHT> <LEFT|RIGHT> timeout	Pop an element from a list, push it to another list and return it; or block until one is available
BLMPOP	-5	wb	2/#0,1,1	7.0.0	timeout numkeys key [key ...] <LEFT|RIGHT> [COUNT count]	Pop elements from a list, or block until one is available
BLPOP	-3	wbn	1,-2,1	2.0.0	key [key ...] timeout	Remove and get the first element in a list, or block until one is available
BRPOP	-3	wbn	1,-2,1	2.0.0	key [key ...] timeout	Remove and get the last element in a list, or block until one is available
BRPOPLPUSH	4	wbn	1,2,1	2.2.0	source destination timeout	Pop an element from a list, push it to another list and return it; or block until one is available
LINDEX	3	r	1,1,1	1.0.0	key index	Get an element from a list by its index
LINSERT	5	w	1,1,1	2.2.0	key <BEFORE|AFTER> pivot element	Insert an element before or after another element in a list
LLEN	2	rf	1,1,1	1.0.0	key	Get the length of a list
LMOVE	5	w	1,2,1	6.2.0	source destination <LEFT|RIGHT> <LEFT|RIGHT>	Pop an element from a list, push it to another list and return it
LMPOP	-4	w	1/#0,1,1	7.0.0	numkeys key [key ...] <LEFT|RIGHT> [COUNT count]	Pop elements from a list
LPOP	-2	wf	1,1,1	1.0.0	key [count]	Remove and get the first elements in a list
LPOS	-3	r	1,1,1	6.0.6	key element [RANK rank] [COUNT num-matches] [MAXLEN len]	Return the index of matching elements on a list
LPUSH	-3	wf	1,1,1	1.0.0	key element [element ...]	Prepend one or multiple elements to a list
LPUSHX	-3	wf	1,1,1	2.2.0	key element [element ...]	Prepend an element to a list, only if the list exists
LRANGE	4	r	1,1,1	1.0.0	key start stop	Get a range of elements from a list
LREM	4	w	1,1,1	1.0.0	key count element	Remove elements from a list
LSET	4	w	1,1,1	1.0.0	key index element	Set the value of an element in a list by its index
LTRIM	4	w	1,1,1	1.0.0	key start stop	Trim a list to the specified range
RPOP	-2	wf	1,1,1	1.0.0	key [count]	Remove and get the last elements in a list
RPOPLPUSH	3	w	1,2,1	1.2.0	source destination	Remove the last element in a list, prepend it to another list and return it
RPUSH	-3	wf	1,1,1	1.0.0	key element [element ...]	Append one or multiple elements to a list
RPUSHX	-3	wf	1,1,1	2.2.0	key element [element ...]	Append an element to a list, only if the list exists
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
BGREWRITEAOF	1	an		1.0.0		Asynchronously rewrite the append-only file
BGSAVE	-1	an		1.0.0	[SCHEDULE]	Asynchronously save the dataset to disk
COMMAND	-1			2.8.13		Get array of Redis command details
COMMAND COUNT	2			2.8.13		Get total number of Redis commands
COMMAND DOCS	-2			7.0.0	[command-name [command-name ...]]	Get array of specific Redis command documentation
COMMAND GETKEYS	-4			2.8.13		Extract keys given a full Redis command
COMMAND GETKEYSANDFLAGS	-4			7.0.0		Extract keys and access flags given a full Redis command
COMMAND INFO	-2			2.8.13	[command-name [command-name ...]]	Get array of specific Redis command details, or all when no argument is given
COMMAND LIST	-2			7.0.0	[FILTERBY <MODULE module-name|ACLCAT category|PATTERN pattern>]	Get an array of Redis command names
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
INFO	-1			1.0.0	[section [section ...]]	Get information and statistics about the server
LASTSAVE	1	f		1.0.0		Get the UNIX time stamp of the last successful save to disk
LATENCY	-2			2.8.13		A container for latency diagnostics commands
LATENCY DOCTOR	2	an		2.8.13		Return a human readable latency analysis report
LATENCY GRAPH	3	an		2.8.13	event	Return a latency graph for the event
LATENCY HISTOGRAM	-2	an		7.0.0	[command [command ...]]	Return the cumulative distribution of latencies of a subset of commands or all
LATENCY HISTORY	3	an		2.8.13	event	Return timestamp-latency samples for the event
LATENCY LATEST	2	an		2.8.13		Return the latest latency samples for all events
LATENCY RESET	-2	an		2.8.13	[event [event ...]]	Reset latency data for one or more events
LOLWUT	-1	rf		5.0.0	[VERSION version]	Display some computer art and the Redis version
MEMORY	-2			4.0.0		A container for memory diagnostics commands
MEMORY DOCTOR	2			4.0.0		Outputs memory problems report
MEMORY MALLOC-STATS	2			4.0.0		Show allocator internal stats
MEMORY PURGE	2			4.0.0		Ask the allocator to release memory
MEMORY STATS	2			4.0.0		Show memory usage details
MEMORY USAGE	-3	r	2,2,1	4.0.0	key [SAMPLES count]	Estimate the memory usage of a key
MODULE	-2			4.0.0		A container for module commands
MODULE LIST	2	an		4.0.0		List all modules loaded by the server
MODULE LOAD	-3	an		4.0.0	path [arg [arg ...]]	Load a module
MODULE LOADEX	-3	an		7.0.0	path [CONFIG name value [CONFIG name value ...]] [ARGS arg [arg ...]]	Load a module with extended parameters
MODULE UNLOAD	3	an		4.0.0	name	Unload a module
MONITOR	1	an		1.0.0		Listen for all requests received by the server in real time
PSYNC	-3	an		2.8.0	replicationid offset	Internal command used for replication
REPLCONF	-1	an		3.0.0		An internal command for configuring the replication stream
REPLICAOF	3	an		5.0.0	<host port|NO ONE>	Make the server a replica of another instance, or promote it as master
RESTORE-ASKING	-4	w	1,1,1	3.0.0	key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]	An internal command for migrating keys in a cluster
ROLE	1	fn		2.8.12		Return the role of the instance in the context of replication
SAVE	1	an		1.0.0		Synchronously save the dataset to disk
SHUTDOWN	-1	an		1.0.0	[NOSAVE|SAVE] [NOW] [FORCE] [ABORT]	Synchronously save the dataset to disk and then shut down the server
SLAVEOF	3	an		1.0.0	<host port|NO ONE>	Make the server a replica of another instance, or promote it as master
SLOWLOG	-2			2.2.12		A container for slow log commands
SLOWLOG GET	-2	a		2.2.12	[count]	Get the slow log's entries
SLOWLOG LEN	2	a		2.2.12		Get the slow log's length
SLOWLOG RESET	2	a		2.2.12		Clear all entries from the slow log
SWAPDB	3	wfd		4.0.0	index1 index2	Swaps two Redis databases
SYNC	1	an		1.0.0		Internal command used for replication
TIME	1	f		2.6.0		Return the current server time
@set
SADD	-3	wf	1,1,1	1.0.0	key member [member ...]	Add one or more members to a set
SCARD	2	rf	1,1,1	1.0.0	key	Get the number of members in a set
SDIFF	-2	r	1,-1,1	1.0.0	key [key ...]	Subtract multiple sets
SDIFFSTORE	-3	w	1,-1,1	1.0.0	destination key [key ...]	Subtract multiple sets and store the resulting set in a key
SINTER	-2	r	1,-1,1	1.0.0	key [key ...]	Intersect multiple sets
SINTERCARD	-3	r	1/#0,1,1	7.0.0	numkeys key [key ...] [LIMIT limit]	Intersect multiple sets and return the cardinality of the result
SINTERSTORE	-3	w	1,-1,1	1.0.0	destination key [key ...]	Intersect multiple sets and store the resulting set in a key
SISMEMBER	3	rf	1,1,1	1.0.0	key member	Determine if a given value is a member of a set
SMEMBERS	2	r	1,1,1	1.0.0	key	Get all the members in a set
SMISMEMBER	-3	rf	1,1,1	6.2.0	key member [member ...]	Returns the membership associated with the given elements for a set
SMOVE	4	wf	1,2,1	1.0.0	source destination member	Move a member from one set to another
SPOP	-2	wf	1,1,1	1.0.0	key [count]	Remove and return one or multiple random members from a set
SRANDMEMBER	-2	r	1,1,1	1.0.0	key [count]	Get one or multiple random members from a set
SREM	-3	wf	1,1,1	1.0.0	key member [member ...]	Remove one or more members from a set
SSCAN	-3	r	1,1,1	2.8.0	key cursor [MATCH pattern] [COUNT count]	Incrementally iterate Set elements
SUNION	-2	r	1,-1,1	1.0.0	key [key ...]	Add multiple sets
SUNIONSTORE	-3	w	1,-1,1	1.0.0	destination key [key ...]	Add multiple sets and store the resulting set in a key
@sorted-set
BZMPOP	-5	wb	2/#0,1,1	7.0.0	timeout numkeys key [key ...] <MIN|MAX> [COUNT count]	Remove and return members with scores in a sorted set or block until one is available
BZPOPMAX	-3	wfbn	1,-2,1	5.0.0	key [key ...] timeout	Remove and return the member with the highest score from one or more sorted sets, or block until one is available
BZPOPMIN	-3	wfbn	1,-2,1	5.0.0	key [key ...] timeout	Remove and return the member with the lowest score from one or more sorted sets, or block until one is available
ZADD	-4	wf	1,1,1	1.2.0	key [NX|XX] [GT|LT] [CH] [INCR] score member [score member ...]	Add one or more members to a sorted set, or update its score if it already exists
ZCARD	2	rf	1,1,1	1.2.0	key	Get the number of members in a sorted set
ZCOUNT	4	rf	1,1,1	2.0.0	key min max	Count the members in a sorted set with scores within the given values
ZDIFF	-3	r	1/#0,1,1	6.2.0	numkeys key [key ...] [WITHSCORES]	Subtract multiple sorted sets
ZDIFFSTORE	-4	w	1/0,1,0+2/#0,1,1	6.2.0	destination numkeys key [key ...]	Subtract multiple sorted sets and store the resulting sorted set in a new key
ZINCRBY	4	wf	1,1,1	1.2.0	key increment member	Increment the score of a member in a sorted set
ZINTER	-3	r	1/#0,1,1	6.2.0	numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM|MIN|MAX>] [WITHSCORES]	Intersect multiple sorted sets
ZINTERCARD	-3	r	1/#0,1,1	7.0.0	numkeys key [key ...] [LIMIT limit]	Intersect multiple sorted sets and return the cardinality of the result
ZINTERSTORE	-4	w	1/0,1,0+2/#0,1,1	2.0.0	destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM|MIN|MAX>]	Intersect multiple sorted sets and store the resulting sorted set in a new key
ZLEXCOUNT	4	rf	1,1,1	2.8.9	key min max	Count the number of members in a sorted set between a given lexicographical range
ZMPOP	-4	w	1/#0,1,1	7.0.0	numkeys key [key ...] <MIN|MAX> [COUNT count]	Remove and return members with scores in a sorted set
ZMSCORE	-3	rf	1,1,1	6.2.0	key member [member ...]	Get the score associated with the given members in a sorted set
ZPOPMAX	-2	wf	1,1,1	5.0.0	key [count]	Remove and return members with the highest scores in a sorted set
ZPOPMIN	-2	wf	1,1,1	5.0.0	key [count]	Remove and return members with the lowest scores in a sorted set
ZRANDMEMBER	-2	r	1,1,1	6.2.0	key [count [WITHSCORES]]	Get one or multiple random elements from a sorted set
ZRANGE	-4	r	1,1,1	1.2.0	key start stop [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES]	Return a range of members in a sorted set
ZRANGEBYLEX	-4	r	1,1,1	2.8.9	key min max [LIMIT offset count]	Return a range of members in a sorted set, by lexicographical range
ZRANGEBYSCORE	-4	r	1,1,1	1.0.5	key min max [WITHSCORES] [LIMIT offset count]	Return a range of members in a sorted set, by score
ZRANGESTORE	-5	w	1,2,1	6.2.0	dst src min max [BYSCORE|BYLEX] [REV] [LIMIT offset count]	Store a range of members from sorted set into another key
ZRANK	3	rf	1,1,1	2.0.0	key member	Determine the index of a member in a sorted set
ZREM	-3	wf	1,1,1	1.2.0	key member [member ...]	Remove one or more members from a sorted set
ZREMRANGEBYLEX	4	w	1,1,1	2.8.9	key min max	Remove all members in a sorted set between the given lexicographical range
ZREMRANGEBYRANK	4	w	1,1,1	2.0.0	key start stop	Remove all members in a sorted set within the given indexes
ZREMRANGEBYSCORE	4	w	1,1,1	1.2.0	key min max	Remove all members in a sorted set within the given scores
ZREVRANGE	-4	r	1,1,1	1.2.0	key start stop [WITHSCORES]	Return a range of members in a sorted set, by index, with scores ordered from high to low
ZREVRANGEBYLEX	-4	r	1,1,1	2.8.9	key max min [LIMIT offset count]	Return a range of members in a sorted set, by lexicographical range, ordered from higher to lower strings
ZREVRANGEBYSCORE	-4	r	1,1,1	2.2.0	key max min [WITHSCORES] [LIMIT offset count]	Return a range of members in a sorted set, by score, with scores ordered from high to low
ZREVRANK	3	rf	1,1,1	2.0.0	key member	Determine the index of a member in a sorted set, with scores ordered from high to low
ZSCAN	-3	r	1,1,1	2.8.0	key cursor [MATCH pattern] [COUNT count]	Incrementally iterate sorted sets elements and associated scores
ZSCORE	3	rf	1,1,1	1.2.0	key member	Get the score associated with the given member in a sorted set
ZUNION	-3	r	1/#0,1,1	6.2.0	numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM|MIN|MAX>] [WITHSCORES]	Add multiple sorted sets
ZUNIONSTORE	-4	w	1/0,1,0+2/#0,1,1	2.0.0	destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM|MIN|MAX>]	Add multiple sorted sets and store the resulting sorted set in a new key
@stream
XACK	-4	wf	1,1,1	5.0.0	key group id [id ...]	Marks a pending message as correctly processed, effectively removing it from the pending entries list of the consumer group. Return value of the command is the number of messages successfully acknowledged, that is, the IDs we were actually able to resolve in the PEL
XADD	-5	wf	1,1,1	5.0.0	key [NOMKSTREAM] [<MAXLEN|MINID> [=|~] threshold [LIMIT count]] <*|id> field value [field value ...]	Appends a new entry to a stream
XAUTOCLAIM	-6	wf	1,1,1	6.2.0	key group consumer min-idle-time start [COUNT count] [JUSTID]	Changes (or acquires) ownership of messages in a consumer group, as if the messages were delivered to the specified consumer
XCLAIM	-6	wf	1,1,1	5.0.0	key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID id]	Changes (or acquires) ownership of a message in a consumer group, as if the message was delivered to the specified consumer
XDEL	-3	wf	1,1,1	5.0.0	key id [id ...]	Removes the specified entries from the stream. Returns the number of items actually deleted, that may be different from the number of IDs passed in case certain IDs do not exist
XGROUP	-2			5.0.0		A container for consumer groups commands
XGROUP CREATE	-5	w	2,2,1	5.0.0	key groupname <id|$> [MKSTREAM] [ENTRIESREAD entries-read]	Create a consumer group
XGROUP CREATECONSUMER	5	w	2,2,1	6.2.0	key groupname consumername	Create a consumer in a consumer group
XGROUP DELCONSUMER	5	w	2,2,1	5.0.0	key groupname consumername	Delete a consumer from a consumer group
XGROUP DESTROY	4	w	2,2,1	5.0.0	key groupname	Destroy a consumer group
XGROUP SETID	-5	w	2,2,1	5.0.0	key groupname <id|$> [ENTRIESREAD entries-read]	Set a consumer group to an arbitrary last delivered ID value
XINFO	-2			5.0.0		A container for stream introspection commands
XINFO CONSUMERS	4	r	2,2,1	5.0.0	key groupname	List the consumers in a consumer group
XINFO GROUPS	3	r	2,2,1	5.0.0	key	List the consumer groups of a stream
XINFO STREAM	-3	r	2,2,1	5.0.0	key [FULL [COUNT count]]	Get information about a stream
XLEN	2	rf	1,1,1	5.0.0	key	Return the number of entries in a stream
XPENDING	-3	r	1,1,1	5.0.0	key group [[IDLE min-idle-time] start end count [consumer]]	Return information and entries from a stream consumer group pending entries list, that are messages fetched but never acknowledged
XRANGE	-4	r	1,1,1	5.0.0	key start end [COUNT count]	Return a range of elements in a stream, with IDs matching the specified IDs interval
XREAD	-4	rb	STREAMS@1/-1,1,2	5.0.0	[COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]	Return never seen elements in multiple streams, with IDs greater than the ones reported by the caller for each stream. Can block
XREADGROUP	-7	wb	STREAMS@4/-1,1,2	5.0.0	GROUP group consumer [COUNT count] [BLOCK milliseconds] [NOACK] STREAMS key [key ...] id [id ...]	Return new entries from a stream using a consumer group, or access the history of the pending entries for a given consumer. Can block
XREVRANGE	-4	r	1,1,1	5.0.0	key end start [COUNT count]	Return a range of elements in a stream, with IDs matching the specified IDs interval, in reverse order (from greater to smaller IDs) compared to XRANGE
XSETID	-3	wf	1,1,1	5.0.0	key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-entry-id]	An internal command for replicating stream values
XTRIM	-4	w	1,1,1	5.0.0	key <MAXLEN|MINID> [=|~] threshold [LIMIT count]	Trims the stream to (approximately if '~' is passed) a certain size
@string
APPEND	3	wf	1,1,1	2.0.0	key value	Append a value to a key
DECR	2	wf	1,1,1	1.0.0	key	Decrement the integer value of a key by one
DECRBY	3	wf	1,1,1	1.0.0	key decrement	Decrement the integer value of a key by the given number
GET	2	rf	1,1,1	1.0.0	key	Get the value of a key
GETDEL	2	wf	1,1,1	6.2.0	key	Get the value of a key and delete the key
GETEX	-2	wf	1,1,1	6.2.0	key [EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds|PERSIST]	Get the value of a key and optionally set its expiration
GETRANGE	4	r	1,1,1	2.4.0	key start end	Get a substring of the string stored at a key
GETSET	3	wf	1,1,1	1.0.0	key value	Set the string value of a key and return its old value
INCR	2	wf	1,1,1	1.0.0	key	Increment the integer value of a key by one
INCRBY	3	wf	1,1,1	1.0.0	key increment	Increment the integer value of a key by the given amount
INCRBYFLOAT	3	wf	1,1,1	2.6.0	key increment	Increment the float value of a key by the given amount
LCS	-3	r	1,2,1	7.0.0	key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]	Find longest common substring
MGET	-2	rf	1,-1,1	1.0.0	key [key ...]	Get the values of all the given keys
MSET	-3	w	1,-1,2	1.0.1	key value [key value ...]	Set multiple keys to multiple values
MSETNX	-3	w	1,-1,2	1.0.1	key value [key value ...]	Set multiple keys to multiple values, only if none of the keys exist
PSETEX	4	w	1,1,1	2.6.0	key milliseconds value	Set the value and expiration in milliseconds of a key
SET	-3	w	1,1,1	1.0.0	key value [NX|XX] [GET] [EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds|KEEPTTL]	Set the string value of a key
SETEX	4	w	1,1,1	2.0.0	key seconds value	Set the value and expiration of a key
SETNX	3	wf	1,1,1	1.0.0	key value	Set the value of a key, only if the key does not exist
SETRANGE	4	w	1,1,1	2.2.0	key offset value	Overwrite part of a string at key starting at the specified offset
STRLEN	2	rf	1,1,1	2.2.0	key	Get the length of the value stored in a key
SUBSTR	4	r	1,1,1	1.0.0	key start end	Get a substring of the string stored at a key
@transactions
DISCARD	1	fn		2.0.0		Discard all commands issued after MULTI
EXEC	1	n		1.2.0		Execute all commands issued after MULTI
MULTI	1	fn		1.2.0		Mark the start of a transaction block
UNWATCH	1	fn		2.2.0		Forget about all watched keys
WATCH	-2	fn	1,-1,1	2.2.0	key [key ...]	Watch the given keys to determine execution of the MULTI/EXEC block`;
