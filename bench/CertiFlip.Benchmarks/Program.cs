using BenchmarkDotNet.Running;
using CertiFlip.Benchmarks;

if (args is ["numpy-twin", .. var files])
    return NumpyTwin.Run(files);
if (args is ["exponential", .. var rest])
    return ExponentialSpeed.Run(rest);
if (args is ["parquet", .. var parquet])
    return ParquetSpeed.Run(parquet);
if (args is ["telemetry"])
    return TelemetrySpeed.Run();
BenchmarkSwitcher.FromAssembly(typeof(NumpyTwin).Assembly).Run(args);
return 0;
